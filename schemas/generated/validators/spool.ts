// @ts-nocheck
// Made by schemas/generate.ts from schemas/*.schema.json. Do not edit: change the schema and run it again.
export const validate: import('../../validation.ts').GeneratedValidator = validate20;

function validate21(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate21.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((data.v === undefined) && (missing0 = "v")) || ((data.process === undefined) && (missing0 = "process"))) || ((data.seq === undefined) && (missing0 = "seq"))) || ((data.prev === undefined) && (missing0 = "prev"))) || ((data.kind === undefined) && (missing0 = "kind"))) || ((data.record === undefined) && (missing0 = "record"))){
validate21.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((((key0 === "v") || (key0 === "process")) || (key0 === "seq")) || (key0 === "prev")) || (key0 === "kind")) || (key0 === "record"))){
validate21.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.v !== undefined){
const _errs2 = errors;
if(1 !== data.v){
validate21.errors = [{instancePath:instancePath+"/v",schemaPath:"#/properties/v/const",keyword:"const",params:{allowedValue: 1}}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.process !== undefined){
const _errs3 = errors;
if(typeof data.process !== "string"){
validate21.errors = [{instancePath:instancePath+"/process",schemaPath:"#/properties/process/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.seq !== undefined){
let data2 = data.seq;
const _errs5 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate21.errors = [{instancePath:instancePath+"/seq",schemaPath:"#/properties/seq/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs5){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 0 || isNaN(data2)){
validate21.errors = [{instancePath:instancePath+"/seq",schemaPath:"#/properties/seq/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.prev !== undefined){
const _errs7 = errors;
if(typeof data.prev !== "string"){
validate21.errors = [{instancePath:instancePath+"/prev",schemaPath:"#/properties/prev/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.kind !== undefined){
const _errs9 = errors;
if("begin" !== data.kind){
validate21.errors = [{instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/const",keyword:"const",params:{allowedValue: "begin"}}];
return false;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.record !== undefined){
let data5 = data.record;
const _errs10 = errors;
const _errs11 = errors;
if(errors === _errs11){
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
let missing1;
if(((((data5.id === undefined) && (missing1 = "id")) || ((data5.arrived_at === undefined) && (missing1 = "arrived_at"))) || ((data5.route === undefined) && (missing1 = "route"))) || ((data5.target === undefined) && (missing1 = "target"))){
validate21.errors = [{instancePath:instancePath+"/record",schemaPath:"#/$defs/BeginRecord/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
const _errs13 = errors;
for(const key1 in data5){
if(!((((key1 === "id") || (key1 === "arrived_at")) || (key1 === "route")) || (key1 === "target"))){
validate21.errors = [{instancePath:instancePath+"/record",schemaPath:"#/$defs/BeginRecord/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}}];
return false;
break;
}
}
if(_errs13 === errors){
if(data5.id !== undefined){
const _errs14 = errors;
if(typeof data5.id !== "string"){
validate21.errors = [{instancePath:instancePath+"/record/id",schemaPath:"#/$defs/BeginRecord/properties/id/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid2 = _errs14 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data5.arrived_at !== undefined){
const _errs16 = errors;
if(typeof data5.arrived_at !== "string"){
validate21.errors = [{instancePath:instancePath+"/record/arrived_at",schemaPath:"#/$defs/BeginRecord/properties/arrived_at/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid2 = _errs16 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data5.route !== undefined){
const _errs18 = errors;
if(typeof data5.route !== "string"){
validate21.errors = [{instancePath:instancePath+"/record/route",schemaPath:"#/$defs/BeginRecord/properties/route/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid2 = _errs18 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data5.target !== undefined){
const _errs20 = errors;
if(typeof data5.target !== "string"){
validate21.errors = [{instancePath:instancePath+"/record/target",schemaPath:"#/$defs/BeginRecord/properties/target/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid2 = _errs20 === errors;
}
else {
var valid2 = true;
}
}
}
}
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/record",schemaPath:"#/$defs/BeginRecord/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate21.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate21.errors = vErrors;
return errors === 0;
}
validate21.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema35 = {"type":"object","additionalProperties":false,"required":["id","arrived_at","revision","generation","seed","model","stream","features","estimate","open_from_seq","events","candidates","attempts","finish"],"properties":{"id":{"type":"string"},"correlation_id":{"type":"string"},"arrived_at":{"type":"string"},"revision":{"type":"string"},"generation":{"type":"integer"},"seed":{"type":"string","pattern":"^[0-9a-f]{16}$"},"route":{"type":["string","null"]},"credential":{"type":"string"},"organization":{"type":"string"},"project":{"type":"string"},"operation":{"enum":["chat","embeddings"]},"model":{"type":"string"},"stream":{"type":"boolean"},"headers":{"type":"object","additionalProperties":{"type":"string"}},"sticky_seeds":{"type":"object","additionalProperties":{"type":"string"}},"features":{"type":"object","additionalProperties":false,"required":["has","fields","messages","prompt_characters","images","max_output_tokens"],"properties":{"has":{"type":"array","items":{"enum":["tools","images","json_schema"]}},"fields":{"type":"array","items":{"type":"string"}},"messages":{"type":"integer"},"prompt_characters":{"type":"integer"},"images":{"type":"integer"},"max_output_tokens":{"type":["integer","null"]}}},"estimate":{"type":"object","additionalProperties":false,"required":["input_tokens","output_tokens","family"],"properties":{"input_tokens":{"type":"integer"},"longest_input_tokens":{"type":"integer"},"output_tokens":{"type":["integer","null"]},"family":{"const":"characters-4"}}},"open_from_seq":{"type":"integer"},"events":{"type":"array","items":{"type":"array","prefixItems":[{"enum":["arrived","classified","reserved","refused","firstContent","ended","timer","callerGone"]},{"type":"integer"},{"type":"integer"},{"type":["integer","null"]}],"minItems":4,"maxItems":4}},"candidates":{"type":"array","items":{"$ref":"#/$defs/CandidateRecord"}},"attempts":{"type":"array","items":{"$ref":"#/$defs/AttemptRecord"}},"finish":{"type":"object","additionalProperties":false,"required":["outcome","status","code","attempt","retry_after_ms","at_us"],"properties":{"outcome":{"enum":["served","broken","failed","abandoned"]},"status":{"type":"integer"},"code":{"type":["string","null"]},"attempt":{"type":["integer","null"]},"retry_after_ms":{"type":["number","null"]},"at_us":{"type":"integer"}}},"usage":{"$ref":"#/$defs/RecordedUsage"},"cost_micro_usd":{"type":["integer","null"]},"finish_reason":{"type":["string","null"]},"native_finish_reason":{"type":["string","null"]},"lost":{"type":"array","items":{"type":"string"}},"content":{"type":"object","additionalProperties":false,"required":["segment","offset","length","sha256"],"properties":{"segment":{"type":"string"},"offset":{"type":"integer"},"length":{"type":"integer"},"sha256":{"type":"string"}}}}};
const schema36 = {"type":"object","required":["target","tried","verdict"],"properties":{"target":{"type":"string"},"tried":{"type":"boolean"},"verdict":{"type":["string","null"],"enum":["admissible","breaker_open","cooling_down","ceiling_reached","outside_boundary","over_cost_cap","context_too_long","cannot_express","unsupported_operation","too_many_inputs","secret_missing",null]}},"additionalProperties":true};
const schema38 = {"type":["object","null"],"additionalProperties":false,"required":["input","output","cached","reasoning"],"properties":{"input":{"type":"integer","minimum":0},"output":{"type":"integer","minimum":0},"cached":{"type":"integer","minimum":0},"reasoning":{"type":"integer","minimum":0}}};
const func1 = Object.prototype.hasOwnProperty;
const pattern4 = new RegExp("^[0-9a-f]{16}$", "u");
const schema37 = {"type":"object","additionalProperties":false,"required":["target","pass","limit","limit_us","started_us","first_content_us","ended_us","class","status","aborted_by","retry_after_ms","probe","usage"],"properties":{"target":{"type":"string"},"pass":{"enum":["first","late","forced"]},"limit":{"enum":["latency","attempt_timeout","share","deadline"]},"limit_us":{"type":"integer"},"started_us":{"type":"integer"},"first_content_us":{"type":["integer","null"]},"ended_us":{"type":["integer","null"]},"class":{"type":["string","null"]},"status":{"type":"integer"},"aborted_by":{"enum":["engine","caller",null]},"retry_after_ms":{"type":["number","null"]},"probe":{"type":"boolean"},"usage":{"$ref":"#/$defs/RecordedUsage"},"message":{"type":"string"}}};

function validate25(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate25.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((((((((((data.target === undefined) && (missing0 = "target")) || ((data.pass === undefined) && (missing0 = "pass"))) || ((data.limit === undefined) && (missing0 = "limit"))) || ((data.limit_us === undefined) && (missing0 = "limit_us"))) || ((data.started_us === undefined) && (missing0 = "started_us"))) || ((data.first_content_us === undefined) && (missing0 = "first_content_us"))) || ((data.ended_us === undefined) && (missing0 = "ended_us"))) || ((data.class === undefined) && (missing0 = "class"))) || ((data.status === undefined) && (missing0 = "status"))) || ((data.aborted_by === undefined) && (missing0 = "aborted_by"))) || ((data.retry_after_ms === undefined) && (missing0 = "retry_after_ms"))) || ((data.probe === undefined) && (missing0 = "probe"))) || ((data.usage === undefined) && (missing0 = "usage"))){
validate25.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(func1.call(schema37.properties, key0))){
validate25.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.target !== undefined){
const _errs2 = errors;
if(typeof data.target !== "string"){
validate25.errors = [{instancePath:instancePath+"/target",schemaPath:"#/properties/target/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.pass !== undefined){
let data1 = data.pass;
const _errs4 = errors;
if(!(((data1 === "first") || (data1 === "late")) || (data1 === "forced"))){
validate25.errors = [{instancePath:instancePath+"/pass",schemaPath:"#/properties/pass/enum",keyword:"enum",params:{allowedValues: schema37.properties.pass.enum}}];
return false;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.limit !== undefined){
let data2 = data.limit;
const _errs5 = errors;
if(!((((data2 === "latency") || (data2 === "attempt_timeout")) || (data2 === "share")) || (data2 === "deadline"))){
validate25.errors = [{instancePath:instancePath+"/limit",schemaPath:"#/properties/limit/enum",keyword:"enum",params:{allowedValues: schema37.properties.limit.enum}}];
return false;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.limit_us !== undefined){
let data3 = data.limit_us;
const _errs6 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
validate25.errors = [{instancePath:instancePath+"/limit_us",schemaPath:"#/properties/limit_us/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.started_us !== undefined){
let data4 = data.started_us;
const _errs8 = errors;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
validate25.errors = [{instancePath:instancePath+"/started_us",schemaPath:"#/properties/started_us/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.first_content_us !== undefined){
let data5 = data.first_content_us;
const _errs10 = errors;
if((!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))) && (data5 !== null)){
validate25.errors = [{instancePath:instancePath+"/first_content_us",schemaPath:"#/properties/first_content_us/type",keyword:"type",params:{type: schema37.properties.first_content_us.type}}];
return false;
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.ended_us !== undefined){
let data6 = data.ended_us;
const _errs12 = errors;
if((!(((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6))) && (isFinite(data6)))) && (data6 !== null)){
validate25.errors = [{instancePath:instancePath+"/ended_us",schemaPath:"#/properties/ended_us/type",keyword:"type",params:{type: schema37.properties.ended_us.type}}];
return false;
}
var valid0 = _errs12 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.class !== undefined){
let data7 = data.class;
const _errs14 = errors;
if((typeof data7 !== "string") && (data7 !== null)){
validate25.errors = [{instancePath:instancePath+"/class",schemaPath:"#/properties/class/type",keyword:"type",params:{type: schema37.properties.class.type}}];
return false;
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.status !== undefined){
let data8 = data.status;
const _errs16 = errors;
if(!(((typeof data8 == "number") && (!(data8 % 1) && !isNaN(data8))) && (isFinite(data8)))){
validate25.errors = [{instancePath:instancePath+"/status",schemaPath:"#/properties/status/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.aborted_by !== undefined){
let data9 = data.aborted_by;
const _errs18 = errors;
if(!(((data9 === "engine") || (data9 === "caller")) || (data9 === null))){
validate25.errors = [{instancePath:instancePath+"/aborted_by",schemaPath:"#/properties/aborted_by/enum",keyword:"enum",params:{allowedValues: schema37.properties.aborted_by.enum}}];
return false;
}
var valid0 = _errs18 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.retry_after_ms !== undefined){
let data10 = data.retry_after_ms;
const _errs19 = errors;
if((!((typeof data10 == "number") && (isFinite(data10)))) && (data10 !== null)){
validate25.errors = [{instancePath:instancePath+"/retry_after_ms",schemaPath:"#/properties/retry_after_ms/type",keyword:"type",params:{type: schema37.properties.retry_after_ms.type}}];
return false;
}
var valid0 = _errs19 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.probe !== undefined){
const _errs21 = errors;
if(typeof data.probe !== "boolean"){
validate25.errors = [{instancePath:instancePath+"/probe",schemaPath:"#/properties/probe/type",keyword:"type",params:{type: "boolean"}}];
return false;
}
var valid0 = _errs21 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.usage !== undefined){
let data12 = data.usage;
const _errs23 = errors;
const _errs24 = errors;
if((!(data12 && typeof data12 == "object" && !Array.isArray(data12))) && (data12 !== null)){
validate25.errors = [{instancePath:instancePath+"/usage",schemaPath:"#/$defs/RecordedUsage/type",keyword:"type",params:{type: schema38.type}}];
return false;
}
if(errors === _errs24){
if(data12 && typeof data12 == "object" && !Array.isArray(data12)){
let missing1;
if(((((data12.input === undefined) && (missing1 = "input")) || ((data12.output === undefined) && (missing1 = "output"))) || ((data12.cached === undefined) && (missing1 = "cached"))) || ((data12.reasoning === undefined) && (missing1 = "reasoning"))){
validate25.errors = [{instancePath:instancePath+"/usage",schemaPath:"#/$defs/RecordedUsage/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
const _errs26 = errors;
for(const key1 in data12){
if(!((((key1 === "input") || (key1 === "output")) || (key1 === "cached")) || (key1 === "reasoning"))){
validate25.errors = [{instancePath:instancePath+"/usage",schemaPath:"#/$defs/RecordedUsage/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}}];
return false;
break;
}
}
if(_errs26 === errors){
if(data12.input !== undefined){
let data13 = data12.input;
const _errs27 = errors;
if(!(((typeof data13 == "number") && (!(data13 % 1) && !isNaN(data13))) && (isFinite(data13)))){
validate25.errors = [{instancePath:instancePath+"/usage/input",schemaPath:"#/$defs/RecordedUsage/properties/input/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs27){
if((typeof data13 == "number") && (isFinite(data13))){
if(data13 < 0 || isNaN(data13)){
validate25.errors = [{instancePath:instancePath+"/usage/input",schemaPath:"#/$defs/RecordedUsage/properties/input/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid2 = _errs27 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data12.output !== undefined){
let data14 = data12.output;
const _errs29 = errors;
if(!(((typeof data14 == "number") && (!(data14 % 1) && !isNaN(data14))) && (isFinite(data14)))){
validate25.errors = [{instancePath:instancePath+"/usage/output",schemaPath:"#/$defs/RecordedUsage/properties/output/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs29){
if((typeof data14 == "number") && (isFinite(data14))){
if(data14 < 0 || isNaN(data14)){
validate25.errors = [{instancePath:instancePath+"/usage/output",schemaPath:"#/$defs/RecordedUsage/properties/output/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid2 = _errs29 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data12.cached !== undefined){
let data15 = data12.cached;
const _errs31 = errors;
if(!(((typeof data15 == "number") && (!(data15 % 1) && !isNaN(data15))) && (isFinite(data15)))){
validate25.errors = [{instancePath:instancePath+"/usage/cached",schemaPath:"#/$defs/RecordedUsage/properties/cached/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs31){
if((typeof data15 == "number") && (isFinite(data15))){
if(data15 < 0 || isNaN(data15)){
validate25.errors = [{instancePath:instancePath+"/usage/cached",schemaPath:"#/$defs/RecordedUsage/properties/cached/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid2 = _errs31 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data12.reasoning !== undefined){
let data16 = data12.reasoning;
const _errs33 = errors;
if(!(((typeof data16 == "number") && (!(data16 % 1) && !isNaN(data16))) && (isFinite(data16)))){
validate25.errors = [{instancePath:instancePath+"/usage/reasoning",schemaPath:"#/$defs/RecordedUsage/properties/reasoning/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs33){
if((typeof data16 == "number") && (isFinite(data16))){
if(data16 < 0 || isNaN(data16)){
validate25.errors = [{instancePath:instancePath+"/usage/reasoning",schemaPath:"#/$defs/RecordedUsage/properties/reasoning/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid2 = _errs33 === errors;
}
else {
var valid2 = true;
}
}
}
}
}
}
}
}
var valid0 = _errs23 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.message !== undefined){
const _errs35 = errors;
if(typeof data.message !== "string"){
validate25.errors = [{instancePath:instancePath+"/message",schemaPath:"#/properties/message/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs35 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate25.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate25.errors = vErrors;
return errors === 0;
}
validate25.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate24(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate24.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((((((((((data.id === undefined) && (missing0 = "id")) || ((data.arrived_at === undefined) && (missing0 = "arrived_at"))) || ((data.revision === undefined) && (missing0 = "revision"))) || ((data.generation === undefined) && (missing0 = "generation"))) || ((data.seed === undefined) && (missing0 = "seed"))) || ((data.model === undefined) && (missing0 = "model"))) || ((data.stream === undefined) && (missing0 = "stream"))) || ((data.features === undefined) && (missing0 = "features"))) || ((data.estimate === undefined) && (missing0 = "estimate"))) || ((data.open_from_seq === undefined) && (missing0 = "open_from_seq"))) || ((data.events === undefined) && (missing0 = "events"))) || ((data.candidates === undefined) && (missing0 = "candidates"))) || ((data.attempts === undefined) && (missing0 = "attempts"))) || ((data.finish === undefined) && (missing0 = "finish"))){
validate24.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(func1.call(schema35.properties, key0))){
validate24.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.id !== undefined){
const _errs2 = errors;
if(typeof data.id !== "string"){
validate24.errors = [{instancePath:instancePath+"/id",schemaPath:"#/properties/id/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.correlation_id !== undefined){
const _errs4 = errors;
if(typeof data.correlation_id !== "string"){
validate24.errors = [{instancePath:instancePath+"/correlation_id",schemaPath:"#/properties/correlation_id/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.arrived_at !== undefined){
const _errs6 = errors;
if(typeof data.arrived_at !== "string"){
validate24.errors = [{instancePath:instancePath+"/arrived_at",schemaPath:"#/properties/arrived_at/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.revision !== undefined){
const _errs8 = errors;
if(typeof data.revision !== "string"){
validate24.errors = [{instancePath:instancePath+"/revision",schemaPath:"#/properties/revision/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.generation !== undefined){
let data4 = data.generation;
const _errs10 = errors;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
validate24.errors = [{instancePath:instancePath+"/generation",schemaPath:"#/properties/generation/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.seed !== undefined){
let data5 = data.seed;
const _errs12 = errors;
if(errors === _errs12){
if(typeof data5 === "string"){
if(!pattern4.test(data5)){
validate24.errors = [{instancePath:instancePath+"/seed",schemaPath:"#/properties/seed/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{16}$"}}];
return false;
}
}
else {
validate24.errors = [{instancePath:instancePath+"/seed",schemaPath:"#/properties/seed/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs12 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.route !== undefined){
let data6 = data.route;
const _errs14 = errors;
if((typeof data6 !== "string") && (data6 !== null)){
validate24.errors = [{instancePath:instancePath+"/route",schemaPath:"#/properties/route/type",keyword:"type",params:{type: schema35.properties.route.type}}];
return false;
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.credential !== undefined){
const _errs16 = errors;
if(typeof data.credential !== "string"){
validate24.errors = [{instancePath:instancePath+"/credential",schemaPath:"#/properties/credential/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.organization !== undefined){
const _errs18 = errors;
if(typeof data.organization !== "string"){
validate24.errors = [{instancePath:instancePath+"/organization",schemaPath:"#/properties/organization/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs18 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.project !== undefined){
const _errs20 = errors;
if(typeof data.project !== "string"){
validate24.errors = [{instancePath:instancePath+"/project",schemaPath:"#/properties/project/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs20 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.operation !== undefined){
let data10 = data.operation;
const _errs22 = errors;
if(!((data10 === "chat") || (data10 === "embeddings"))){
validate24.errors = [{instancePath:instancePath+"/operation",schemaPath:"#/properties/operation/enum",keyword:"enum",params:{allowedValues: schema35.properties.operation.enum}}];
return false;
}
var valid0 = _errs22 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.model !== undefined){
const _errs23 = errors;
if(typeof data.model !== "string"){
validate24.errors = [{instancePath:instancePath+"/model",schemaPath:"#/properties/model/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs23 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.stream !== undefined){
const _errs25 = errors;
if(typeof data.stream !== "boolean"){
validate24.errors = [{instancePath:instancePath+"/stream",schemaPath:"#/properties/stream/type",keyword:"type",params:{type: "boolean"}}];
return false;
}
var valid0 = _errs25 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.headers !== undefined){
let data13 = data.headers;
const _errs27 = errors;
if(errors === _errs27){
if(data13 && typeof data13 == "object" && !Array.isArray(data13)){
for(const key1 in data13){
const _errs30 = errors;
if(typeof data13[key1] !== "string"){
validate24.errors = [{instancePath:instancePath+"/headers/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/headers/additionalProperties/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid1 = _errs30 === errors;
if(!valid1){
break;
}
}
}
else {
validate24.errors = [{instancePath:instancePath+"/headers",schemaPath:"#/properties/headers/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs27 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sticky_seeds !== undefined){
let data15 = data.sticky_seeds;
const _errs32 = errors;
if(errors === _errs32){
if(data15 && typeof data15 == "object" && !Array.isArray(data15)){
for(const key2 in data15){
const _errs35 = errors;
if(typeof data15[key2] !== "string"){
validate24.errors = [{instancePath:instancePath+"/sticky_seeds/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/sticky_seeds/additionalProperties/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid2 = _errs35 === errors;
if(!valid2){
break;
}
}
}
else {
validate24.errors = [{instancePath:instancePath+"/sticky_seeds",schemaPath:"#/properties/sticky_seeds/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs32 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.features !== undefined){
let data17 = data.features;
const _errs37 = errors;
if(errors === _errs37){
if(data17 && typeof data17 == "object" && !Array.isArray(data17)){
let missing1;
if(((((((data17.has === undefined) && (missing1 = "has")) || ((data17.fields === undefined) && (missing1 = "fields"))) || ((data17.messages === undefined) && (missing1 = "messages"))) || ((data17.prompt_characters === undefined) && (missing1 = "prompt_characters"))) || ((data17.images === undefined) && (missing1 = "images"))) || ((data17.max_output_tokens === undefined) && (missing1 = "max_output_tokens"))){
validate24.errors = [{instancePath:instancePath+"/features",schemaPath:"#/properties/features/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
const _errs39 = errors;
for(const key3 in data17){
if(!((((((key3 === "has") || (key3 === "fields")) || (key3 === "messages")) || (key3 === "prompt_characters")) || (key3 === "images")) || (key3 === "max_output_tokens"))){
validate24.errors = [{instancePath:instancePath+"/features",schemaPath:"#/properties/features/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3}}];
return false;
break;
}
}
if(_errs39 === errors){
if(data17.has !== undefined){
let data18 = data17.has;
const _errs40 = errors;
if(errors === _errs40){
if(Array.isArray(data18)){
var valid4 = true;
const len0 = data18.length;
for(let i0=0; i0<len0; i0++){
let data19 = data18[i0];
const _errs42 = errors;
if(!(((data19 === "tools") || (data19 === "images")) || (data19 === "json_schema"))){
validate24.errors = [{instancePath:instancePath+"/features/has/" + i0,schemaPath:"#/properties/features/properties/has/items/enum",keyword:"enum",params:{allowedValues: schema35.properties.features.properties.has.items.enum}}];
return false;
}
var valid4 = _errs42 === errors;
if(!valid4){
break;
}
}
}
else {
validate24.errors = [{instancePath:instancePath+"/features/has",schemaPath:"#/properties/features/properties/has/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid3 = _errs40 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data17.fields !== undefined){
let data20 = data17.fields;
const _errs43 = errors;
if(errors === _errs43){
if(Array.isArray(data20)){
var valid5 = true;
const len1 = data20.length;
for(let i1=0; i1<len1; i1++){
const _errs45 = errors;
if(typeof data20[i1] !== "string"){
validate24.errors = [{instancePath:instancePath+"/features/fields/" + i1,schemaPath:"#/properties/features/properties/fields/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid5 = _errs45 === errors;
if(!valid5){
break;
}
}
}
else {
validate24.errors = [{instancePath:instancePath+"/features/fields",schemaPath:"#/properties/features/properties/fields/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid3 = _errs43 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data17.messages !== undefined){
let data22 = data17.messages;
const _errs47 = errors;
if(!(((typeof data22 == "number") && (!(data22 % 1) && !isNaN(data22))) && (isFinite(data22)))){
validate24.errors = [{instancePath:instancePath+"/features/messages",schemaPath:"#/properties/features/properties/messages/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid3 = _errs47 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data17.prompt_characters !== undefined){
let data23 = data17.prompt_characters;
const _errs49 = errors;
if(!(((typeof data23 == "number") && (!(data23 % 1) && !isNaN(data23))) && (isFinite(data23)))){
validate24.errors = [{instancePath:instancePath+"/features/prompt_characters",schemaPath:"#/properties/features/properties/prompt_characters/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid3 = _errs49 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data17.images !== undefined){
let data24 = data17.images;
const _errs51 = errors;
if(!(((typeof data24 == "number") && (!(data24 % 1) && !isNaN(data24))) && (isFinite(data24)))){
validate24.errors = [{instancePath:instancePath+"/features/images",schemaPath:"#/properties/features/properties/images/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid3 = _errs51 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data17.max_output_tokens !== undefined){
let data25 = data17.max_output_tokens;
const _errs53 = errors;
if((!(((typeof data25 == "number") && (!(data25 % 1) && !isNaN(data25))) && (isFinite(data25)))) && (data25 !== null)){
validate24.errors = [{instancePath:instancePath+"/features/max_output_tokens",schemaPath:"#/properties/features/properties/max_output_tokens/type",keyword:"type",params:{type: schema35.properties.features.properties.max_output_tokens.type}}];
return false;
}
var valid3 = _errs53 === errors;
}
else {
var valid3 = true;
}
}
}
}
}
}
}
}
}
else {
validate24.errors = [{instancePath:instancePath+"/features",schemaPath:"#/properties/features/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs37 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.estimate !== undefined){
let data26 = data.estimate;
const _errs55 = errors;
if(errors === _errs55){
if(data26 && typeof data26 == "object" && !Array.isArray(data26)){
let missing2;
if((((data26.input_tokens === undefined) && (missing2 = "input_tokens")) || ((data26.output_tokens === undefined) && (missing2 = "output_tokens"))) || ((data26.family === undefined) && (missing2 = "family"))){
validate24.errors = [{instancePath:instancePath+"/estimate",schemaPath:"#/properties/estimate/required",keyword:"required",params:{missingProperty: missing2}}];
return false;
}
else {
const _errs57 = errors;
for(const key4 in data26){
if(!((((key4 === "input_tokens") || (key4 === "longest_input_tokens")) || (key4 === "output_tokens")) || (key4 === "family"))){
validate24.errors = [{instancePath:instancePath+"/estimate",schemaPath:"#/properties/estimate/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4}}];
return false;
break;
}
}
if(_errs57 === errors){
if(data26.input_tokens !== undefined){
let data27 = data26.input_tokens;
const _errs58 = errors;
if(!(((typeof data27 == "number") && (!(data27 % 1) && !isNaN(data27))) && (isFinite(data27)))){
validate24.errors = [{instancePath:instancePath+"/estimate/input_tokens",schemaPath:"#/properties/estimate/properties/input_tokens/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid6 = _errs58 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data26.longest_input_tokens !== undefined){
let data28 = data26.longest_input_tokens;
const _errs60 = errors;
if(!(((typeof data28 == "number") && (!(data28 % 1) && !isNaN(data28))) && (isFinite(data28)))){
validate24.errors = [{instancePath:instancePath+"/estimate/longest_input_tokens",schemaPath:"#/properties/estimate/properties/longest_input_tokens/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid6 = _errs60 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data26.output_tokens !== undefined){
let data29 = data26.output_tokens;
const _errs62 = errors;
if((!(((typeof data29 == "number") && (!(data29 % 1) && !isNaN(data29))) && (isFinite(data29)))) && (data29 !== null)){
validate24.errors = [{instancePath:instancePath+"/estimate/output_tokens",schemaPath:"#/properties/estimate/properties/output_tokens/type",keyword:"type",params:{type: schema35.properties.estimate.properties.output_tokens.type}}];
return false;
}
var valid6 = _errs62 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data26.family !== undefined){
const _errs64 = errors;
if("characters-4" !== data26.family){
validate24.errors = [{instancePath:instancePath+"/estimate/family",schemaPath:"#/properties/estimate/properties/family/const",keyword:"const",params:{allowedValue: "characters-4"}}];
return false;
}
var valid6 = _errs64 === errors;
}
else {
var valid6 = true;
}
}
}
}
}
}
}
else {
validate24.errors = [{instancePath:instancePath+"/estimate",schemaPath:"#/properties/estimate/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs55 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.open_from_seq !== undefined){
let data31 = data.open_from_seq;
const _errs65 = errors;
if(!(((typeof data31 == "number") && (!(data31 % 1) && !isNaN(data31))) && (isFinite(data31)))){
validate24.errors = [{instancePath:instancePath+"/open_from_seq",schemaPath:"#/properties/open_from_seq/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid0 = _errs65 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.events !== undefined){
let data32 = data.events;
const _errs67 = errors;
if(errors === _errs67){
if(Array.isArray(data32)){
var valid7 = true;
const len2 = data32.length;
for(let i2=0; i2<len2; i2++){
let data33 = data32[i2];
const _errs69 = errors;
if(errors === _errs69){
if(Array.isArray(data33)){
if(data33.length > 4){
validate24.errors = [{instancePath:instancePath+"/events/" + i2,schemaPath:"#/properties/events/items/maxItems",keyword:"maxItems",params:{limit: 4}}];
return false;
}
else {
if(data33.length < 4){
validate24.errors = [{instancePath:instancePath+"/events/" + i2,schemaPath:"#/properties/events/items/minItems",keyword:"minItems",params:{limit: 4}}];
return false;
}
else {
const len3 = data33.length;
if(len3 > 0){
let data34 = data33[0];
const _errs71 = errors;
if(!((((((((data34 === "arrived") || (data34 === "classified")) || (data34 === "reserved")) || (data34 === "refused")) || (data34 === "firstContent")) || (data34 === "ended")) || (data34 === "timer")) || (data34 === "callerGone"))){
validate24.errors = [{instancePath:instancePath+"/events/" + i2+"/0",schemaPath:"#/properties/events/items/prefixItems/0/enum",keyword:"enum",params:{allowedValues: schema35.properties.events.items.prefixItems[0].enum}}];
return false;
}
var valid8 = _errs71 === errors;
}
if(valid8){
if(len3 > 1){
let data35 = data33[1];
const _errs72 = errors;
if(!(((typeof data35 == "number") && (!(data35 % 1) && !isNaN(data35))) && (isFinite(data35)))){
validate24.errors = [{instancePath:instancePath+"/events/" + i2+"/1",schemaPath:"#/properties/events/items/prefixItems/1/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid8 = _errs72 === errors;
}
if(valid8){
if(len3 > 2){
let data36 = data33[2];
const _errs74 = errors;
if(!(((typeof data36 == "number") && (!(data36 % 1) && !isNaN(data36))) && (isFinite(data36)))){
validate24.errors = [{instancePath:instancePath+"/events/" + i2+"/2",schemaPath:"#/properties/events/items/prefixItems/2/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid8 = _errs74 === errors;
}
if(valid8){
if(len3 > 3){
let data37 = data33[3];
const _errs76 = errors;
if((!(((typeof data37 == "number") && (!(data37 % 1) && !isNaN(data37))) && (isFinite(data37)))) && (data37 !== null)){
validate24.errors = [{instancePath:instancePath+"/events/" + i2+"/3",schemaPath:"#/properties/events/items/prefixItems/3/type",keyword:"type",params:{type: schema35.properties.events.items.prefixItems[3].type}}];
return false;
}
var valid8 = _errs76 === errors;
}
}
}
}
}
}
}
else {
validate24.errors = [{instancePath:instancePath+"/events/" + i2,schemaPath:"#/properties/events/items/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid7 = _errs69 === errors;
if(!valid7){
break;
}
}
}
else {
validate24.errors = [{instancePath:instancePath+"/events",schemaPath:"#/properties/events/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs67 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.candidates !== undefined){
let data38 = data.candidates;
const _errs78 = errors;
if(errors === _errs78){
if(Array.isArray(data38)){
var valid9 = true;
const len4 = data38.length;
for(let i3=0; i3<len4; i3++){
let data39 = data38[i3];
const _errs80 = errors;
const _errs81 = errors;
if(errors === _errs81){
if(data39 && typeof data39 == "object" && !Array.isArray(data39)){
let missing3;
if((((data39.target === undefined) && (missing3 = "target")) || ((data39.tried === undefined) && (missing3 = "tried"))) || ((data39.verdict === undefined) && (missing3 = "verdict"))){
validate24.errors = [{instancePath:instancePath+"/candidates/" + i3,schemaPath:"#/$defs/CandidateRecord/required",keyword:"required",params:{missingProperty: missing3}}];
return false;
}
else {
if(data39.target !== undefined){
const _errs84 = errors;
if(typeof data39.target !== "string"){
validate24.errors = [{instancePath:instancePath+"/candidates/" + i3+"/target",schemaPath:"#/$defs/CandidateRecord/properties/target/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid11 = _errs84 === errors;
}
else {
var valid11 = true;
}
if(valid11){
if(data39.tried !== undefined){
const _errs86 = errors;
if(typeof data39.tried !== "boolean"){
validate24.errors = [{instancePath:instancePath+"/candidates/" + i3+"/tried",schemaPath:"#/$defs/CandidateRecord/properties/tried/type",keyword:"type",params:{type: "boolean"}}];
return false;
}
var valid11 = _errs86 === errors;
}
else {
var valid11 = true;
}
if(valid11){
if(data39.verdict !== undefined){
let data42 = data39.verdict;
const _errs88 = errors;
if((typeof data42 !== "string") && (data42 !== null)){
validate24.errors = [{instancePath:instancePath+"/candidates/" + i3+"/verdict",schemaPath:"#/$defs/CandidateRecord/properties/verdict/type",keyword:"type",params:{type: schema36.properties.verdict.type}}];
return false;
}
if(!((((((((((((data42 === "admissible") || (data42 === "breaker_open")) || (data42 === "cooling_down")) || (data42 === "ceiling_reached")) || (data42 === "outside_boundary")) || (data42 === "over_cost_cap")) || (data42 === "context_too_long")) || (data42 === "cannot_express")) || (data42 === "unsupported_operation")) || (data42 === "too_many_inputs")) || (data42 === "secret_missing")) || (data42 === null))){
validate24.errors = [{instancePath:instancePath+"/candidates/" + i3+"/verdict",schemaPath:"#/$defs/CandidateRecord/properties/verdict/enum",keyword:"enum",params:{allowedValues: schema36.properties.verdict.enum}}];
return false;
}
var valid11 = _errs88 === errors;
}
else {
var valid11 = true;
}
}
}
}
}
else {
validate24.errors = [{instancePath:instancePath+"/candidates/" + i3,schemaPath:"#/$defs/CandidateRecord/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid9 = _errs80 === errors;
if(!valid9){
break;
}
}
}
else {
validate24.errors = [{instancePath:instancePath+"/candidates",schemaPath:"#/properties/candidates/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs78 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.attempts !== undefined){
let data43 = data.attempts;
const _errs90 = errors;
if(errors === _errs90){
if(Array.isArray(data43)){
var valid12 = true;
const len5 = data43.length;
for(let i4=0; i4<len5; i4++){
const _errs92 = errors;
if(!(validate25(data43[i4], {instancePath:instancePath+"/attempts/" + i4,parentData:data43,parentDataProperty:i4,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate25.errors : vErrors.concat(validate25.errors);
errors = vErrors.length;
}
var valid12 = _errs92 === errors;
if(!valid12){
break;
}
}
}
else {
validate24.errors = [{instancePath:instancePath+"/attempts",schemaPath:"#/properties/attempts/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs90 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.finish !== undefined){
let data45 = data.finish;
const _errs93 = errors;
if(errors === _errs93){
if(data45 && typeof data45 == "object" && !Array.isArray(data45)){
let missing4;
if(((((((data45.outcome === undefined) && (missing4 = "outcome")) || ((data45.status === undefined) && (missing4 = "status"))) || ((data45.code === undefined) && (missing4 = "code"))) || ((data45.attempt === undefined) && (missing4 = "attempt"))) || ((data45.retry_after_ms === undefined) && (missing4 = "retry_after_ms"))) || ((data45.at_us === undefined) && (missing4 = "at_us"))){
validate24.errors = [{instancePath:instancePath+"/finish",schemaPath:"#/properties/finish/required",keyword:"required",params:{missingProperty: missing4}}];
return false;
}
else {
const _errs95 = errors;
for(const key5 in data45){
if(!((((((key5 === "outcome") || (key5 === "status")) || (key5 === "code")) || (key5 === "attempt")) || (key5 === "retry_after_ms")) || (key5 === "at_us"))){
validate24.errors = [{instancePath:instancePath+"/finish",schemaPath:"#/properties/finish/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5}}];
return false;
break;
}
}
if(_errs95 === errors){
if(data45.outcome !== undefined){
let data46 = data45.outcome;
const _errs96 = errors;
if(!((((data46 === "served") || (data46 === "broken")) || (data46 === "failed")) || (data46 === "abandoned"))){
validate24.errors = [{instancePath:instancePath+"/finish/outcome",schemaPath:"#/properties/finish/properties/outcome/enum",keyword:"enum",params:{allowedValues: schema35.properties.finish.properties.outcome.enum}}];
return false;
}
var valid13 = _errs96 === errors;
}
else {
var valid13 = true;
}
if(valid13){
if(data45.status !== undefined){
let data47 = data45.status;
const _errs97 = errors;
if(!(((typeof data47 == "number") && (!(data47 % 1) && !isNaN(data47))) && (isFinite(data47)))){
validate24.errors = [{instancePath:instancePath+"/finish/status",schemaPath:"#/properties/finish/properties/status/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid13 = _errs97 === errors;
}
else {
var valid13 = true;
}
if(valid13){
if(data45.code !== undefined){
let data48 = data45.code;
const _errs99 = errors;
if((typeof data48 !== "string") && (data48 !== null)){
validate24.errors = [{instancePath:instancePath+"/finish/code",schemaPath:"#/properties/finish/properties/code/type",keyword:"type",params:{type: schema35.properties.finish.properties.code.type}}];
return false;
}
var valid13 = _errs99 === errors;
}
else {
var valid13 = true;
}
if(valid13){
if(data45.attempt !== undefined){
let data49 = data45.attempt;
const _errs101 = errors;
if((!(((typeof data49 == "number") && (!(data49 % 1) && !isNaN(data49))) && (isFinite(data49)))) && (data49 !== null)){
validate24.errors = [{instancePath:instancePath+"/finish/attempt",schemaPath:"#/properties/finish/properties/attempt/type",keyword:"type",params:{type: schema35.properties.finish.properties.attempt.type}}];
return false;
}
var valid13 = _errs101 === errors;
}
else {
var valid13 = true;
}
if(valid13){
if(data45.retry_after_ms !== undefined){
let data50 = data45.retry_after_ms;
const _errs103 = errors;
if((!((typeof data50 == "number") && (isFinite(data50)))) && (data50 !== null)){
validate24.errors = [{instancePath:instancePath+"/finish/retry_after_ms",schemaPath:"#/properties/finish/properties/retry_after_ms/type",keyword:"type",params:{type: schema35.properties.finish.properties.retry_after_ms.type}}];
return false;
}
var valid13 = _errs103 === errors;
}
else {
var valid13 = true;
}
if(valid13){
if(data45.at_us !== undefined){
let data51 = data45.at_us;
const _errs105 = errors;
if(!(((typeof data51 == "number") && (!(data51 % 1) && !isNaN(data51))) && (isFinite(data51)))){
validate24.errors = [{instancePath:instancePath+"/finish/at_us",schemaPath:"#/properties/finish/properties/at_us/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid13 = _errs105 === errors;
}
else {
var valid13 = true;
}
}
}
}
}
}
}
}
}
else {
validate24.errors = [{instancePath:instancePath+"/finish",schemaPath:"#/properties/finish/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs93 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.usage !== undefined){
let data52 = data.usage;
const _errs107 = errors;
const _errs108 = errors;
if((!(data52 && typeof data52 == "object" && !Array.isArray(data52))) && (data52 !== null)){
validate24.errors = [{instancePath:instancePath+"/usage",schemaPath:"#/$defs/RecordedUsage/type",keyword:"type",params:{type: schema38.type}}];
return false;
}
if(errors === _errs108){
if(data52 && typeof data52 == "object" && !Array.isArray(data52)){
let missing5;
if(((((data52.input === undefined) && (missing5 = "input")) || ((data52.output === undefined) && (missing5 = "output"))) || ((data52.cached === undefined) && (missing5 = "cached"))) || ((data52.reasoning === undefined) && (missing5 = "reasoning"))){
validate24.errors = [{instancePath:instancePath+"/usage",schemaPath:"#/$defs/RecordedUsage/required",keyword:"required",params:{missingProperty: missing5}}];
return false;
}
else {
const _errs110 = errors;
for(const key6 in data52){
if(!((((key6 === "input") || (key6 === "output")) || (key6 === "cached")) || (key6 === "reasoning"))){
validate24.errors = [{instancePath:instancePath+"/usage",schemaPath:"#/$defs/RecordedUsage/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6}}];
return false;
break;
}
}
if(_errs110 === errors){
if(data52.input !== undefined){
let data53 = data52.input;
const _errs111 = errors;
if(!(((typeof data53 == "number") && (!(data53 % 1) && !isNaN(data53))) && (isFinite(data53)))){
validate24.errors = [{instancePath:instancePath+"/usage/input",schemaPath:"#/$defs/RecordedUsage/properties/input/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs111){
if((typeof data53 == "number") && (isFinite(data53))){
if(data53 < 0 || isNaN(data53)){
validate24.errors = [{instancePath:instancePath+"/usage/input",schemaPath:"#/$defs/RecordedUsage/properties/input/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid15 = _errs111 === errors;
}
else {
var valid15 = true;
}
if(valid15){
if(data52.output !== undefined){
let data54 = data52.output;
const _errs113 = errors;
if(!(((typeof data54 == "number") && (!(data54 % 1) && !isNaN(data54))) && (isFinite(data54)))){
validate24.errors = [{instancePath:instancePath+"/usage/output",schemaPath:"#/$defs/RecordedUsage/properties/output/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs113){
if((typeof data54 == "number") && (isFinite(data54))){
if(data54 < 0 || isNaN(data54)){
validate24.errors = [{instancePath:instancePath+"/usage/output",schemaPath:"#/$defs/RecordedUsage/properties/output/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid15 = _errs113 === errors;
}
else {
var valid15 = true;
}
if(valid15){
if(data52.cached !== undefined){
let data55 = data52.cached;
const _errs115 = errors;
if(!(((typeof data55 == "number") && (!(data55 % 1) && !isNaN(data55))) && (isFinite(data55)))){
validate24.errors = [{instancePath:instancePath+"/usage/cached",schemaPath:"#/$defs/RecordedUsage/properties/cached/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs115){
if((typeof data55 == "number") && (isFinite(data55))){
if(data55 < 0 || isNaN(data55)){
validate24.errors = [{instancePath:instancePath+"/usage/cached",schemaPath:"#/$defs/RecordedUsage/properties/cached/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid15 = _errs115 === errors;
}
else {
var valid15 = true;
}
if(valid15){
if(data52.reasoning !== undefined){
let data56 = data52.reasoning;
const _errs117 = errors;
if(!(((typeof data56 == "number") && (!(data56 % 1) && !isNaN(data56))) && (isFinite(data56)))){
validate24.errors = [{instancePath:instancePath+"/usage/reasoning",schemaPath:"#/$defs/RecordedUsage/properties/reasoning/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs117){
if((typeof data56 == "number") && (isFinite(data56))){
if(data56 < 0 || isNaN(data56)){
validate24.errors = [{instancePath:instancePath+"/usage/reasoning",schemaPath:"#/$defs/RecordedUsage/properties/reasoning/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid15 = _errs117 === errors;
}
else {
var valid15 = true;
}
}
}
}
}
}
}
}
var valid0 = _errs107 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.cost_micro_usd !== undefined){
let data57 = data.cost_micro_usd;
const _errs119 = errors;
if((!(((typeof data57 == "number") && (!(data57 % 1) && !isNaN(data57))) && (isFinite(data57)))) && (data57 !== null)){
validate24.errors = [{instancePath:instancePath+"/cost_micro_usd",schemaPath:"#/properties/cost_micro_usd/type",keyword:"type",params:{type: schema35.properties.cost_micro_usd.type}}];
return false;
}
var valid0 = _errs119 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.finish_reason !== undefined){
let data58 = data.finish_reason;
const _errs121 = errors;
if((typeof data58 !== "string") && (data58 !== null)){
validate24.errors = [{instancePath:instancePath+"/finish_reason",schemaPath:"#/properties/finish_reason/type",keyword:"type",params:{type: schema35.properties.finish_reason.type}}];
return false;
}
var valid0 = _errs121 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.native_finish_reason !== undefined){
let data59 = data.native_finish_reason;
const _errs123 = errors;
if((typeof data59 !== "string") && (data59 !== null)){
validate24.errors = [{instancePath:instancePath+"/native_finish_reason",schemaPath:"#/properties/native_finish_reason/type",keyword:"type",params:{type: schema35.properties.native_finish_reason.type}}];
return false;
}
var valid0 = _errs123 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.lost !== undefined){
let data60 = data.lost;
const _errs125 = errors;
if(errors === _errs125){
if(Array.isArray(data60)){
var valid16 = true;
const len6 = data60.length;
for(let i5=0; i5<len6; i5++){
const _errs127 = errors;
if(typeof data60[i5] !== "string"){
validate24.errors = [{instancePath:instancePath+"/lost/" + i5,schemaPath:"#/properties/lost/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid16 = _errs127 === errors;
if(!valid16){
break;
}
}
}
else {
validate24.errors = [{instancePath:instancePath+"/lost",schemaPath:"#/properties/lost/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs125 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.content !== undefined){
let data62 = data.content;
const _errs129 = errors;
if(errors === _errs129){
if(data62 && typeof data62 == "object" && !Array.isArray(data62)){
let missing6;
if(((((data62.segment === undefined) && (missing6 = "segment")) || ((data62.offset === undefined) && (missing6 = "offset"))) || ((data62.length === undefined) && (missing6 = "length"))) || ((data62.sha256 === undefined) && (missing6 = "sha256"))){
validate24.errors = [{instancePath:instancePath+"/content",schemaPath:"#/properties/content/required",keyword:"required",params:{missingProperty: missing6}}];
return false;
}
else {
const _errs131 = errors;
for(const key7 in data62){
if(!((((key7 === "segment") || (key7 === "offset")) || (key7 === "length")) || (key7 === "sha256"))){
validate24.errors = [{instancePath:instancePath+"/content",schemaPath:"#/properties/content/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7}}];
return false;
break;
}
}
if(_errs131 === errors){
if(data62.segment !== undefined){
const _errs132 = errors;
if(typeof data62.segment !== "string"){
validate24.errors = [{instancePath:instancePath+"/content/segment",schemaPath:"#/properties/content/properties/segment/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid17 = _errs132 === errors;
}
else {
var valid17 = true;
}
if(valid17){
if(data62.offset !== undefined){
let data64 = data62.offset;
const _errs134 = errors;
if(!(((typeof data64 == "number") && (!(data64 % 1) && !isNaN(data64))) && (isFinite(data64)))){
validate24.errors = [{instancePath:instancePath+"/content/offset",schemaPath:"#/properties/content/properties/offset/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid17 = _errs134 === errors;
}
else {
var valid17 = true;
}
if(valid17){
if(data62.length !== undefined){
let data65 = data62.length;
const _errs136 = errors;
if(!(((typeof data65 == "number") && (!(data65 % 1) && !isNaN(data65))) && (isFinite(data65)))){
validate24.errors = [{instancePath:instancePath+"/content/length",schemaPath:"#/properties/content/properties/length/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid17 = _errs136 === errors;
}
else {
var valid17 = true;
}
if(valid17){
if(data62.sha256 !== undefined){
const _errs138 = errors;
if(typeof data62.sha256 !== "string"){
validate24.errors = [{instancePath:instancePath+"/content/sha256",schemaPath:"#/properties/content/properties/sha256/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid17 = _errs138 === errors;
}
else {
var valid17 = true;
}
}
}
}
}
}
}
else {
validate24.errors = [{instancePath:instancePath+"/content",schemaPath:"#/properties/content/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs129 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate24.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate24.errors = vErrors;
return errors === 0;
}
validate24.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate23(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate23.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((data.v === undefined) && (missing0 = "v")) || ((data.process === undefined) && (missing0 = "process"))) || ((data.seq === undefined) && (missing0 = "seq"))) || ((data.prev === undefined) && (missing0 = "prev"))) || ((data.kind === undefined) && (missing0 = "kind"))) || ((data.record === undefined) && (missing0 = "record"))){
validate23.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((((key0 === "v") || (key0 === "process")) || (key0 === "seq")) || (key0 === "prev")) || (key0 === "kind")) || (key0 === "record"))){
validate23.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.v !== undefined){
const _errs2 = errors;
if(1 !== data.v){
validate23.errors = [{instancePath:instancePath+"/v",schemaPath:"#/properties/v/const",keyword:"const",params:{allowedValue: 1}}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.process !== undefined){
const _errs3 = errors;
if(typeof data.process !== "string"){
validate23.errors = [{instancePath:instancePath+"/process",schemaPath:"#/properties/process/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.seq !== undefined){
let data2 = data.seq;
const _errs5 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate23.errors = [{instancePath:instancePath+"/seq",schemaPath:"#/properties/seq/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs5){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 0 || isNaN(data2)){
validate23.errors = [{instancePath:instancePath+"/seq",schemaPath:"#/properties/seq/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.prev !== undefined){
const _errs7 = errors;
if(typeof data.prev !== "string"){
validate23.errors = [{instancePath:instancePath+"/prev",schemaPath:"#/properties/prev/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.kind !== undefined){
const _errs9 = errors;
if("record" !== data.kind){
validate23.errors = [{instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/const",keyword:"const",params:{allowedValue: "record"}}];
return false;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.record !== undefined){
const _errs10 = errors;
if(!(validate24(data.record, {instancePath:instancePath+"/record",parentData:data,parentDataProperty:"record",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate24.errors : vErrors.concat(validate24.errors);
errors = vErrors.length;
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate23.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate23.errors = vErrors;
return errors === 0;
}
validate23.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema41 = {"type":"object","required":["event","at"],"properties":{"event":{"enum":["started","stopped","generation","load_refused","source_lost","source_empty","source_damaged","source_back","breaker_opened","breaker_closed","cooling_down","request_refused","shedding_begin","shedding_end","spool_repaired","gap"]},"at":{"type":"string"},"generation":{"type":"integer"},"revision":{"type":"string"},"hash":{"type":"string"},"manifest":{"type":"object"},"missing_secrets":{"type":"array","items":{"type":"string"}},"target":{"type":"string"},"reason":{"type":["string","null"]},"until_us":{"type":["integer","null"]},"status":{"type":"integer"},"code":{"type":"string"},"refused":{"type":"integer","minimum":0},"since":{"type":"string"},"dropped":{"type":"object","additionalProperties":false,"required":["records","begins","events"],"properties":{"records":{"type":"integer","minimum":0},"begins":{"type":"integer","minimum":0},"events":{"type":"integer","minimum":0}}},"message":{"type":"string"}},"additionalProperties":false};

function validate29(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate29.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((data.v === undefined) && (missing0 = "v")) || ((data.process === undefined) && (missing0 = "process"))) || ((data.seq === undefined) && (missing0 = "seq"))) || ((data.prev === undefined) && (missing0 = "prev"))) || ((data.kind === undefined) && (missing0 = "kind"))) || ((data.record === undefined) && (missing0 = "record"))){
validate29.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((((key0 === "v") || (key0 === "process")) || (key0 === "seq")) || (key0 === "prev")) || (key0 === "kind")) || (key0 === "record"))){
validate29.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.v !== undefined){
const _errs2 = errors;
if(1 !== data.v){
validate29.errors = [{instancePath:instancePath+"/v",schemaPath:"#/properties/v/const",keyword:"const",params:{allowedValue: 1}}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.process !== undefined){
const _errs3 = errors;
if(typeof data.process !== "string"){
validate29.errors = [{instancePath:instancePath+"/process",schemaPath:"#/properties/process/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.seq !== undefined){
let data2 = data.seq;
const _errs5 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate29.errors = [{instancePath:instancePath+"/seq",schemaPath:"#/properties/seq/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs5){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 0 || isNaN(data2)){
validate29.errors = [{instancePath:instancePath+"/seq",schemaPath:"#/properties/seq/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.prev !== undefined){
const _errs7 = errors;
if(typeof data.prev !== "string"){
validate29.errors = [{instancePath:instancePath+"/prev",schemaPath:"#/properties/prev/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs7 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.kind !== undefined){
const _errs9 = errors;
if("event" !== data.kind){
validate29.errors = [{instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/const",keyword:"const",params:{allowedValue: "event"}}];
return false;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.record !== undefined){
let data5 = data.record;
const _errs10 = errors;
const _errs11 = errors;
if(errors === _errs11){
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
let missing1;
if(((data5.event === undefined) && (missing1 = "event")) || ((data5.at === undefined) && (missing1 = "at"))){
validate29.errors = [{instancePath:instancePath+"/record",schemaPath:"#/$defs/ProcessEvent/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
const _errs13 = errors;
for(const key1 in data5){
if(!(func1.call(schema41.properties, key1))){
validate29.errors = [{instancePath:instancePath+"/record",schemaPath:"#/$defs/ProcessEvent/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}}];
return false;
break;
}
}
if(_errs13 === errors){
if(data5.event !== undefined){
let data6 = data5.event;
const _errs14 = errors;
if(!((((((((((((((((data6 === "started") || (data6 === "stopped")) || (data6 === "generation")) || (data6 === "load_refused")) || (data6 === "source_lost")) || (data6 === "source_empty")) || (data6 === "source_damaged")) || (data6 === "source_back")) || (data6 === "breaker_opened")) || (data6 === "breaker_closed")) || (data6 === "cooling_down")) || (data6 === "request_refused")) || (data6 === "shedding_begin")) || (data6 === "shedding_end")) || (data6 === "spool_repaired")) || (data6 === "gap"))){
validate29.errors = [{instancePath:instancePath+"/record/event",schemaPath:"#/$defs/ProcessEvent/properties/event/enum",keyword:"enum",params:{allowedValues: schema41.properties.event.enum}}];
return false;
}
var valid2 = _errs14 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data5.at !== undefined){
const _errs15 = errors;
if(typeof data5.at !== "string"){
validate29.errors = [{instancePath:instancePath+"/record/at",schemaPath:"#/$defs/ProcessEvent/properties/at/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid2 = _errs15 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data5.generation !== undefined){
let data8 = data5.generation;
const _errs17 = errors;
if(!(((typeof data8 == "number") && (!(data8 % 1) && !isNaN(data8))) && (isFinite(data8)))){
validate29.errors = [{instancePath:instancePath+"/record/generation",schemaPath:"#/$defs/ProcessEvent/properties/generation/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid2 = _errs17 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data5.revision !== undefined){
const _errs19 = errors;
if(typeof data5.revision !== "string"){
validate29.errors = [{instancePath:instancePath+"/record/revision",schemaPath:"#/$defs/ProcessEvent/properties/revision/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid2 = _errs19 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data5.hash !== undefined){
const _errs21 = errors;
if(typeof data5.hash !== "string"){
validate29.errors = [{instancePath:instancePath+"/record/hash",schemaPath:"#/$defs/ProcessEvent/properties/hash/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid2 = _errs21 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data5.manifest !== undefined){
let data11 = data5.manifest;
const _errs23 = errors;
if(!(data11 && typeof data11 == "object" && !Array.isArray(data11))){
validate29.errors = [{instancePath:instancePath+"/record/manifest",schemaPath:"#/$defs/ProcessEvent/properties/manifest/type",keyword:"type",params:{type: "object"}}];
return false;
}
var valid2 = _errs23 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data5.missing_secrets !== undefined){
let data12 = data5.missing_secrets;
const _errs25 = errors;
if(errors === _errs25){
if(Array.isArray(data12)){
var valid3 = true;
const len0 = data12.length;
for(let i0=0; i0<len0; i0++){
const _errs27 = errors;
if(typeof data12[i0] !== "string"){
validate29.errors = [{instancePath:instancePath+"/record/missing_secrets/" + i0,schemaPath:"#/$defs/ProcessEvent/properties/missing_secrets/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid3 = _errs27 === errors;
if(!valid3){
break;
}
}
}
else {
validate29.errors = [{instancePath:instancePath+"/record/missing_secrets",schemaPath:"#/$defs/ProcessEvent/properties/missing_secrets/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid2 = _errs25 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data5.target !== undefined){
const _errs29 = errors;
if(typeof data5.target !== "string"){
validate29.errors = [{instancePath:instancePath+"/record/target",schemaPath:"#/$defs/ProcessEvent/properties/target/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid2 = _errs29 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data5.reason !== undefined){
let data15 = data5.reason;
const _errs31 = errors;
if((typeof data15 !== "string") && (data15 !== null)){
validate29.errors = [{instancePath:instancePath+"/record/reason",schemaPath:"#/$defs/ProcessEvent/properties/reason/type",keyword:"type",params:{type: schema41.properties.reason.type}}];
return false;
}
var valid2 = _errs31 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data5.until_us !== undefined){
let data16 = data5.until_us;
const _errs33 = errors;
if((!(((typeof data16 == "number") && (!(data16 % 1) && !isNaN(data16))) && (isFinite(data16)))) && (data16 !== null)){
validate29.errors = [{instancePath:instancePath+"/record/until_us",schemaPath:"#/$defs/ProcessEvent/properties/until_us/type",keyword:"type",params:{type: schema41.properties.until_us.type}}];
return false;
}
var valid2 = _errs33 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data5.status !== undefined){
let data17 = data5.status;
const _errs35 = errors;
if(!(((typeof data17 == "number") && (!(data17 % 1) && !isNaN(data17))) && (isFinite(data17)))){
validate29.errors = [{instancePath:instancePath+"/record/status",schemaPath:"#/$defs/ProcessEvent/properties/status/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid2 = _errs35 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data5.code !== undefined){
const _errs37 = errors;
if(typeof data5.code !== "string"){
validate29.errors = [{instancePath:instancePath+"/record/code",schemaPath:"#/$defs/ProcessEvent/properties/code/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid2 = _errs37 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data5.refused !== undefined){
let data19 = data5.refused;
const _errs39 = errors;
if(!(((typeof data19 == "number") && (!(data19 % 1) && !isNaN(data19))) && (isFinite(data19)))){
validate29.errors = [{instancePath:instancePath+"/record/refused",schemaPath:"#/$defs/ProcessEvent/properties/refused/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs39){
if((typeof data19 == "number") && (isFinite(data19))){
if(data19 < 0 || isNaN(data19)){
validate29.errors = [{instancePath:instancePath+"/record/refused",schemaPath:"#/$defs/ProcessEvent/properties/refused/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid2 = _errs39 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data5.since !== undefined){
const _errs41 = errors;
if(typeof data5.since !== "string"){
validate29.errors = [{instancePath:instancePath+"/record/since",schemaPath:"#/$defs/ProcessEvent/properties/since/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid2 = _errs41 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data5.dropped !== undefined){
let data21 = data5.dropped;
const _errs43 = errors;
if(errors === _errs43){
if(data21 && typeof data21 == "object" && !Array.isArray(data21)){
let missing2;
if((((data21.records === undefined) && (missing2 = "records")) || ((data21.begins === undefined) && (missing2 = "begins"))) || ((data21.events === undefined) && (missing2 = "events"))){
validate29.errors = [{instancePath:instancePath+"/record/dropped",schemaPath:"#/$defs/ProcessEvent/properties/dropped/required",keyword:"required",params:{missingProperty: missing2}}];
return false;
}
else {
const _errs45 = errors;
for(const key2 in data21){
if(!(((key2 === "records") || (key2 === "begins")) || (key2 === "events"))){
validate29.errors = [{instancePath:instancePath+"/record/dropped",schemaPath:"#/$defs/ProcessEvent/properties/dropped/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2}}];
return false;
break;
}
}
if(_errs45 === errors){
if(data21.records !== undefined){
let data22 = data21.records;
const _errs46 = errors;
if(!(((typeof data22 == "number") && (!(data22 % 1) && !isNaN(data22))) && (isFinite(data22)))){
validate29.errors = [{instancePath:instancePath+"/record/dropped/records",schemaPath:"#/$defs/ProcessEvent/properties/dropped/properties/records/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs46){
if((typeof data22 == "number") && (isFinite(data22))){
if(data22 < 0 || isNaN(data22)){
validate29.errors = [{instancePath:instancePath+"/record/dropped/records",schemaPath:"#/$defs/ProcessEvent/properties/dropped/properties/records/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid4 = _errs46 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data21.begins !== undefined){
let data23 = data21.begins;
const _errs48 = errors;
if(!(((typeof data23 == "number") && (!(data23 % 1) && !isNaN(data23))) && (isFinite(data23)))){
validate29.errors = [{instancePath:instancePath+"/record/dropped/begins",schemaPath:"#/$defs/ProcessEvent/properties/dropped/properties/begins/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs48){
if((typeof data23 == "number") && (isFinite(data23))){
if(data23 < 0 || isNaN(data23)){
validate29.errors = [{instancePath:instancePath+"/record/dropped/begins",schemaPath:"#/$defs/ProcessEvent/properties/dropped/properties/begins/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid4 = _errs48 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data21.events !== undefined){
let data24 = data21.events;
const _errs50 = errors;
if(!(((typeof data24 == "number") && (!(data24 % 1) && !isNaN(data24))) && (isFinite(data24)))){
validate29.errors = [{instancePath:instancePath+"/record/dropped/events",schemaPath:"#/$defs/ProcessEvent/properties/dropped/properties/events/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs50){
if((typeof data24 == "number") && (isFinite(data24))){
if(data24 < 0 || isNaN(data24)){
validate29.errors = [{instancePath:instancePath+"/record/dropped/events",schemaPath:"#/$defs/ProcessEvent/properties/dropped/properties/events/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid4 = _errs50 === errors;
}
else {
var valid4 = true;
}
}
}
}
}
}
else {
validate29.errors = [{instancePath:instancePath+"/record/dropped",schemaPath:"#/$defs/ProcessEvent/properties/dropped/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid2 = _errs43 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data5.message !== undefined){
const _errs52 = errors;
if(typeof data5.message !== "string"){
validate29.errors = [{instancePath:instancePath+"/record/message",schemaPath:"#/$defs/ProcessEvent/properties/message/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid2 = _errs52 === errors;
}
else {
var valid2 = true;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate29.errors = [{instancePath:instancePath+"/record",schemaPath:"#/$defs/ProcessEvent/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
else {
validate29.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate29.errors = vErrors;
return errors === 0;
}
validate29.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate20(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="spool.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate20.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
const _errs0 = errors;
let valid0 = false;
let passing0 = null;
const _errs1 = errors;
if(!(validate21(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate21.errors : vErrors.concat(validate21.errors);
errors = vErrors.length;
}
var _valid0 = _errs1 === errors;
if(_valid0){
valid0 = true;
passing0 = 0;
var props0 = true;
}
const _errs2 = errors;
if(!(validate23(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
var _valid0 = _errs2 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid0 = true;
passing0 = 1;
if(props0 !== true){
props0 = true;
}
}
const _errs3 = errors;
if(!(validate29(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate29.errors : vErrors.concat(validate29.errors);
errors = vErrors.length;
}
var _valid0 = _errs3 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 2];
}
else {
if(_valid0){
valid0 = true;
passing0 = 2;
if(props0 !== true){
props0 = true;
}
}
}
}
if(!valid0){
const err0 = {instancePath,schemaPath:"#/oneOf",keyword:"oneOf",params:{passingSchemas: passing0}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
validate20.errors = vErrors;
return false;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate20.errors = vErrors;
evaluated0.props = props0;
return errors === 0;
}
validate20.evaluated = {"dynamicProps":true,"dynamicItems":false};
