/**
 * The variables a manifest really uses. A release keeps these and no others: the environment of the process that made
 * it is nobody's business.
 */
export function usedVariables(
  source: unknown,
  variables: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const names = new Set<string>()
  collect(source, names)
  return Object.fromEntries(
    [...names].toSorted().flatMap((name) => {
      const value = Object.hasOwn(variables, name) ? variables[name] : undefined
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

function collect(value: unknown, names: Set<string>): void {
  if (typeof value === 'string') {
    // `$${` is a literal, not a variable.
    for (const [match, name] of value.matchAll(/\$?\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g)) {
      if (name !== undefined && !match.startsWith('$$')) names.add(name)
    }
  } else if (Array.isArray(value)) {
    for (const item of value) collect(item, names)
  } else if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) collect(member, names)
  }
}
