/**
 * What a shell runs to complete `aigw`. Each asks `aigw __complete SHELL -- WORDS`, which answers with one candidate a
 * line, a tab, and what it is; so a script never has to change when a command does.
 */

export const shells = ['bash', 'zsh', 'fish'] as const

export type Shell = (typeof shells)[number]

const bash = `# Completion of aigw for bash. In ~/.bashrc: source <(aigw completion bash)
_aigw() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("\${line%%$'\\t'*}")
  done < <("\${COMP_WORDS[0]/#\\~/$HOME}" __complete bash -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  # After a folder comes a name in it, and no space.
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == */ ]] && type compopt >/dev/null 2>&1; then
    compopt -o nospace
  fi
}
complete -o filenames -F _aigw aigw
`

const zsh = `#compdef aigw
# Completion of aigw for zsh. In ~/.zshrc, after compinit: source <(aigw completion zsh)
_aigw() {
  local line value
  local -a values folders
  while IFS= read -r line; do
    value=\${line%%$'\\t'*}
    if [[ $value == */ ]]; then
      folders+=("$value")
    else
      values+=("\${value//:/\\\\:}:\${line#*$'\\t'}")
    fi
  done < <("\${words[1]/#\\~/$HOME}" __complete zsh -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  (( \${#values} )) && _describe -V 'aigw' values
  (( \${#folders} )) && compadd -S '' -- "\${folders[@]}"
}
compdef _aigw aigw
`

const fish = `# Completion of aigw for fish: aigw completion fish > ~/.config/fish/completions/aigw.fish
function __aigw_complete
    set -l words (commandline --tokenize --cut-at-cursor --current-process) (commandline --current-token --cut-at-cursor)
    aigw __complete fish -- $words[2..-1] 2>/dev/null
end
complete --command aigw --no-files --arguments '(__aigw_complete)'
`

export const completionScripts: Readonly<Record<Shell, string>> = { bash, zsh, fish }
