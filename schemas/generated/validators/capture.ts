// @ts-nocheck
// Made by schemas/generate.ts from schemas/*.schema.json. Do not edit: change the schema and run it again.
import { ucs2length } from '../../runtime.ts';
export const validate: import('../../validation.ts').GeneratedValidator = validate20;
const schema31 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"capture.schema.json","type":"object","additionalProperties":false,"required":["v","at","model"],"properties":{"v":{"type":"integer","const":1},"id":{"type":"string"},"at":{"type":"string"},"process":{"type":"string"},"generation":{"type":"integer"},"revision":{"type":"string"},"seed":{"type":"string","pattern":"^[0-9a-f]{16}$"},"route":{"type":["string","null"]},"credential":{"type":"string"},"organization":{"type":"string"},"project":{"type":"string"},"operation":{"type":"string","enum":["chat","embeddings"]},"model":{"type":"string","minLength":1},"stream":{"type":"boolean"},"headers":{"type":"object","additionalProperties":{"type":"string"}},"sticky_seeds":{"type":"object","additionalProperties":{"type":"string"}},"features":{"$ref":"#/$defs/CaptureFeatures"},"estimate":{"$ref":"#/$defs/CaptureEstimate"},"usage":{"$ref":"#/$defs/CaptureUsage"},"events":{"type":"array","items":{"type":"array","minItems":4,"maxItems":4}},"candidates":{"type":"array","items":{"$ref":"spool.schema.json#/$defs/CandidateRecord"}},"attempts":{"type":"array","items":{"$ref":"#/$defs/CaptureAttempt"}},"finish":{"$ref":"#/$defs/CaptureFinish"},"cost_micro_usd":{"type":["integer","null"]},"messages":{"type":"array","items":{"type":"object","additionalProperties":true}},"answer":{"type":["string","null"]}},"$defs":{"CaptureFeatures":{"type":"object","properties":{"has":{"type":"array","items":{"type":"string","enum":["tools","images","json_schema"]}},"fields":{"type":"array","items":{"type":"string"}},"messages":{"type":"integer","minimum":0},"prompt_characters":{"type":"integer","minimum":0},"images":{"type":"integer","minimum":0},"max_output_tokens":{"type":["integer","null"],"minimum":0}},"additionalProperties":false},"CaptureUsage":{"type":"object","properties":{"input":{"type":"integer","minimum":0},"output":{"type":"integer","minimum":0},"cached":{"type":"integer","minimum":0},"reasoning":{"type":"integer","minimum":0}},"additionalProperties":false,"required":["input","output"]},"CaptureEstimate":{"type":"object","properties":{"input_tokens":{"type":"integer","minimum":0},"longest_input_tokens":{"type":"integer","minimum":0},"output_tokens":{"type":["integer","null"],"minimum":0},"family":{"type":"string"}},"additionalProperties":false,"required":["input_tokens","output_tokens","family"]},"CaptureAttempt":{"type":"object","properties":{"target":{"type":"string"},"started_us":{"type":"integer","minimum":0},"class":{"type":["string","null"]},"status":{"type":"integer"},"first_content_us":{"type":["integer","null"],"minimum":0},"total_us":{"type":["integer","null"],"minimum":0},"aborted_by":{"type":["string","null"],"enum":["engine","caller",null]},"retry_after_ms":{"type":["number","null"],"minimum":0},"usage":{"$ref":"#/$defs/CaptureUsage"}},"additionalProperties":false,"required":["target"]},"CaptureFinish":{"type":"object","properties":{"outcome":{"type":"string","enum":["served","broken","failed","abandoned"]},"status":{"type":"integer"},"code":{"type":["string","null"]}},"additionalProperties":false,"required":["outcome","status"]}}};
const schema32 = {"type":"object","properties":{"has":{"type":"array","items":{"type":"string","enum":["tools","images","json_schema"]}},"fields":{"type":"array","items":{"type":"string"}},"messages":{"type":"integer","minimum":0},"prompt_characters":{"type":"integer","minimum":0},"images":{"type":"integer","minimum":0},"max_output_tokens":{"type":["integer","null"],"minimum":0}},"additionalProperties":false};
const schema33 = {"type":"object","properties":{"input_tokens":{"type":"integer","minimum":0},"longest_input_tokens":{"type":"integer","minimum":0},"output_tokens":{"type":["integer","null"],"minimum":0},"family":{"type":"string"}},"additionalProperties":false,"required":["input_tokens","output_tokens","family"]};
const schema40 = {"type":"object","required":["target","tried","verdict"],"properties":{"target":{"type":"string"},"tried":{"type":"boolean"},"verdict":{"type":["string","null"],"enum":["admissible","breaker_open","cooling_down","ceiling_reached","outside_boundary","over_cost_cap","context_too_long","cannot_express","unsupported_operation","too_many_inputs","secret_missing",null]}},"additionalProperties":true};
const schema49 = {"type":"object","properties":{"outcome":{"type":"string","enum":["served","broken","failed","abandoned"]},"status":{"type":"integer"},"code":{"type":["string","null"]}},"additionalProperties":false,"required":["outcome","status"]};
const func1 = Object.prototype.hasOwnProperty;
const func2 = ucs2length;
const pattern4 = new RegExp("^[0-9a-f]{16}$", "u");
const schema47 = {"type":"object","properties":{"target":{"type":"string"},"started_us":{"type":"integer","minimum":0},"class":{"type":["string","null"]},"status":{"type":"integer"},"first_content_us":{"type":["integer","null"],"minimum":0},"total_us":{"type":["integer","null"],"minimum":0},"aborted_by":{"type":["string","null"],"enum":["engine","caller",null]},"retry_after_ms":{"type":["number","null"],"minimum":0},"usage":{"$ref":"#/$defs/CaptureUsage"}},"additionalProperties":false,"required":["target"]};

function validate32(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate32.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.target === undefined) && (missing0 = "target")){
validate32.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(func1.call(schema47.properties, key0))){
validate32.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.target !== undefined){
const _errs2 = errors;
if(typeof data.target !== "string"){
validate32.errors = [{instancePath:instancePath+"/target",schemaPath:"#/properties/target/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.started_us !== undefined){
let data1 = data.started_us;
const _errs4 = errors;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
validate32.errors = [{instancePath:instancePath+"/started_us",schemaPath:"#/properties/started_us/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs4){
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 < 0 || isNaN(data1)){
validate32.errors = [{instancePath:instancePath+"/started_us",schemaPath:"#/properties/started_us/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.class !== undefined){
let data2 = data.class;
const _errs6 = errors;
if((typeof data2 !== "string") && (data2 !== null)){
validate32.errors = [{instancePath:instancePath+"/class",schemaPath:"#/properties/class/type",keyword:"type",params:{type: schema47.properties.class.type}}];
return false;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.status !== undefined){
let data3 = data.status;
const _errs8 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
validate32.errors = [{instancePath:instancePath+"/status",schemaPath:"#/properties/status/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.first_content_us !== undefined){
let data4 = data.first_content_us;
const _errs10 = errors;
if((!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))) && (data4 !== null)){
validate32.errors = [{instancePath:instancePath+"/first_content_us",schemaPath:"#/properties/first_content_us/type",keyword:"type",params:{type: schema47.properties.first_content_us.type}}];
return false;
}
if(errors === _errs10){
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 < 0 || isNaN(data4)){
validate32.errors = [{instancePath:instancePath+"/first_content_us",schemaPath:"#/properties/first_content_us/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.total_us !== undefined){
let data5 = data.total_us;
const _errs12 = errors;
if((!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))) && (data5 !== null)){
validate32.errors = [{instancePath:instancePath+"/total_us",schemaPath:"#/properties/total_us/type",keyword:"type",params:{type: schema47.properties.total_us.type}}];
return false;
}
if(errors === _errs12){
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 < 0 || isNaN(data5)){
validate32.errors = [{instancePath:instancePath+"/total_us",schemaPath:"#/properties/total_us/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid0 = _errs12 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.aborted_by !== undefined){
let data6 = data.aborted_by;
const _errs14 = errors;
if((typeof data6 !== "string") && (data6 !== null)){
validate32.errors = [{instancePath:instancePath+"/aborted_by",schemaPath:"#/properties/aborted_by/type",keyword:"type",params:{type: schema47.properties.aborted_by.type}}];
return false;
}
if(!(((data6 === "engine") || (data6 === "caller")) || (data6 === null))){
validate32.errors = [{instancePath:instancePath+"/aborted_by",schemaPath:"#/properties/aborted_by/enum",keyword:"enum",params:{allowedValues: schema47.properties.aborted_by.enum}}];
return false;
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.retry_after_ms !== undefined){
let data7 = data.retry_after_ms;
const _errs16 = errors;
if((!((typeof data7 == "number") && (isFinite(data7)))) && (data7 !== null)){
validate32.errors = [{instancePath:instancePath+"/retry_after_ms",schemaPath:"#/properties/retry_after_ms/type",keyword:"type",params:{type: schema47.properties.retry_after_ms.type}}];
return false;
}
if(errors === _errs16){
if((typeof data7 == "number") && (isFinite(data7))){
if(data7 < 0 || isNaN(data7)){
validate32.errors = [{instancePath:instancePath+"/retry_after_ms",schemaPath:"#/properties/retry_after_ms/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.usage !== undefined){
let data8 = data.usage;
const _errs18 = errors;
const _errs19 = errors;
if(errors === _errs19){
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
let missing1;
if(((data8.input === undefined) && (missing1 = "input")) || ((data8.output === undefined) && (missing1 = "output"))){
validate32.errors = [{instancePath:instancePath+"/usage",schemaPath:"#/$defs/CaptureUsage/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
const _errs21 = errors;
for(const key1 in data8){
if(!((((key1 === "input") || (key1 === "output")) || (key1 === "cached")) || (key1 === "reasoning"))){
validate32.errors = [{instancePath:instancePath+"/usage",schemaPath:"#/$defs/CaptureUsage/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}}];
return false;
break;
}
}
if(_errs21 === errors){
if(data8.input !== undefined){
let data9 = data8.input;
const _errs22 = errors;
if(!(((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9))) && (isFinite(data9)))){
validate32.errors = [{instancePath:instancePath+"/usage/input",schemaPath:"#/$defs/CaptureUsage/properties/input/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs22){
if((typeof data9 == "number") && (isFinite(data9))){
if(data9 < 0 || isNaN(data9)){
validate32.errors = [{instancePath:instancePath+"/usage/input",schemaPath:"#/$defs/CaptureUsage/properties/input/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid2 = _errs22 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data8.output !== undefined){
let data10 = data8.output;
const _errs24 = errors;
if(!(((typeof data10 == "number") && (!(data10 % 1) && !isNaN(data10))) && (isFinite(data10)))){
validate32.errors = [{instancePath:instancePath+"/usage/output",schemaPath:"#/$defs/CaptureUsage/properties/output/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs24){
if((typeof data10 == "number") && (isFinite(data10))){
if(data10 < 0 || isNaN(data10)){
validate32.errors = [{instancePath:instancePath+"/usage/output",schemaPath:"#/$defs/CaptureUsage/properties/output/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid2 = _errs24 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data8.cached !== undefined){
let data11 = data8.cached;
const _errs26 = errors;
if(!(((typeof data11 == "number") && (!(data11 % 1) && !isNaN(data11))) && (isFinite(data11)))){
validate32.errors = [{instancePath:instancePath+"/usage/cached",schemaPath:"#/$defs/CaptureUsage/properties/cached/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs26){
if((typeof data11 == "number") && (isFinite(data11))){
if(data11 < 0 || isNaN(data11)){
validate32.errors = [{instancePath:instancePath+"/usage/cached",schemaPath:"#/$defs/CaptureUsage/properties/cached/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid2 = _errs26 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data8.reasoning !== undefined){
let data12 = data8.reasoning;
const _errs28 = errors;
if(!(((typeof data12 == "number") && (!(data12 % 1) && !isNaN(data12))) && (isFinite(data12)))){
validate32.errors = [{instancePath:instancePath+"/usage/reasoning",schemaPath:"#/$defs/CaptureUsage/properties/reasoning/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs28){
if((typeof data12 == "number") && (isFinite(data12))){
if(data12 < 0 || isNaN(data12)){
validate32.errors = [{instancePath:instancePath+"/usage/reasoning",schemaPath:"#/$defs/CaptureUsage/properties/reasoning/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid2 = _errs28 === errors;
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
validate32.errors = [{instancePath:instancePath+"/usage",schemaPath:"#/$defs/CaptureUsage/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs18 === errors;
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
else {
validate32.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate32.errors = vErrors;
return errors === 0;
}
validate32.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate20(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="capture.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate20.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.v === undefined) && (missing0 = "v")) || ((data.at === undefined) && (missing0 = "at"))) || ((data.model === undefined) && (missing0 = "model"))){
validate20.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(func1.call(schema31.properties, key0))){
validate20.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.v !== undefined){
let data0 = data.v;
const _errs2 = errors;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
validate20.errors = [{instancePath:instancePath+"/v",schemaPath:"#/properties/v/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(1 !== data0){
validate20.errors = [{instancePath:instancePath+"/v",schemaPath:"#/properties/v/const",keyword:"const",params:{allowedValue: 1}}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.id !== undefined){
const _errs4 = errors;
if(typeof data.id !== "string"){
validate20.errors = [{instancePath:instancePath+"/id",schemaPath:"#/properties/id/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.at !== undefined){
const _errs6 = errors;
if(typeof data.at !== "string"){
validate20.errors = [{instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.process !== undefined){
const _errs8 = errors;
if(typeof data.process !== "string"){
validate20.errors = [{instancePath:instancePath+"/process",schemaPath:"#/properties/process/type",keyword:"type",params:{type: "string"}}];
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
validate20.errors = [{instancePath:instancePath+"/generation",schemaPath:"#/properties/generation/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.revision !== undefined){
const _errs12 = errors;
if(typeof data.revision !== "string"){
validate20.errors = [{instancePath:instancePath+"/revision",schemaPath:"#/properties/revision/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs12 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.seed !== undefined){
let data6 = data.seed;
const _errs14 = errors;
if(errors === _errs14){
if(typeof data6 === "string"){
if(!pattern4.test(data6)){
validate20.errors = [{instancePath:instancePath+"/seed",schemaPath:"#/properties/seed/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{16}$"}}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/seed",schemaPath:"#/properties/seed/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.route !== undefined){
let data7 = data.route;
const _errs16 = errors;
if((typeof data7 !== "string") && (data7 !== null)){
validate20.errors = [{instancePath:instancePath+"/route",schemaPath:"#/properties/route/type",keyword:"type",params:{type: schema31.properties.route.type}}];
return false;
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.credential !== undefined){
const _errs18 = errors;
if(typeof data.credential !== "string"){
validate20.errors = [{instancePath:instancePath+"/credential",schemaPath:"#/properties/credential/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs18 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.organization !== undefined){
const _errs20 = errors;
if(typeof data.organization !== "string"){
validate20.errors = [{instancePath:instancePath+"/organization",schemaPath:"#/properties/organization/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs20 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.project !== undefined){
const _errs22 = errors;
if(typeof data.project !== "string"){
validate20.errors = [{instancePath:instancePath+"/project",schemaPath:"#/properties/project/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs22 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.operation !== undefined){
let data11 = data.operation;
const _errs24 = errors;
if(typeof data11 !== "string"){
validate20.errors = [{instancePath:instancePath+"/operation",schemaPath:"#/properties/operation/type",keyword:"type",params:{type: "string"}}];
return false;
}
if(!((data11 === "chat") || (data11 === "embeddings"))){
validate20.errors = [{instancePath:instancePath+"/operation",schemaPath:"#/properties/operation/enum",keyword:"enum",params:{allowedValues: schema31.properties.operation.enum}}];
return false;
}
var valid0 = _errs24 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.model !== undefined){
let data12 = data.model;
const _errs26 = errors;
if(errors === _errs26){
if(typeof data12 === "string"){
if(func2(data12) < 1){
validate20.errors = [{instancePath:instancePath+"/model",schemaPath:"#/properties/model/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/model",schemaPath:"#/properties/model/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs26 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.stream !== undefined){
const _errs28 = errors;
if(typeof data.stream !== "boolean"){
validate20.errors = [{instancePath:instancePath+"/stream",schemaPath:"#/properties/stream/type",keyword:"type",params:{type: "boolean"}}];
return false;
}
var valid0 = _errs28 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.headers !== undefined){
let data14 = data.headers;
const _errs30 = errors;
if(errors === _errs30){
if(data14 && typeof data14 == "object" && !Array.isArray(data14)){
for(const key1 in data14){
const _errs33 = errors;
if(typeof data14[key1] !== "string"){
validate20.errors = [{instancePath:instancePath+"/headers/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/headers/additionalProperties/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid1 = _errs33 === errors;
if(!valid1){
break;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/headers",schemaPath:"#/properties/headers/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs30 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sticky_seeds !== undefined){
let data16 = data.sticky_seeds;
const _errs35 = errors;
if(errors === _errs35){
if(data16 && typeof data16 == "object" && !Array.isArray(data16)){
for(const key2 in data16){
const _errs38 = errors;
if(typeof data16[key2] !== "string"){
validate20.errors = [{instancePath:instancePath+"/sticky_seeds/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/sticky_seeds/additionalProperties/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid2 = _errs38 === errors;
if(!valid2){
break;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/sticky_seeds",schemaPath:"#/properties/sticky_seeds/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs35 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.features !== undefined){
let data18 = data.features;
const _errs40 = errors;
const _errs41 = errors;
if(errors === _errs41){
if(data18 && typeof data18 == "object" && !Array.isArray(data18)){
const _errs43 = errors;
for(const key3 in data18){
if(!((((((key3 === "has") || (key3 === "fields")) || (key3 === "messages")) || (key3 === "prompt_characters")) || (key3 === "images")) || (key3 === "max_output_tokens"))){
validate20.errors = [{instancePath:instancePath+"/features",schemaPath:"#/$defs/CaptureFeatures/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3}}];
return false;
break;
}
}
if(_errs43 === errors){
if(data18.has !== undefined){
let data19 = data18.has;
const _errs44 = errors;
if(errors === _errs44){
if(Array.isArray(data19)){
var valid5 = true;
const len0 = data19.length;
for(let i0=0; i0<len0; i0++){
let data20 = data19[i0];
const _errs46 = errors;
if(typeof data20 !== "string"){
validate20.errors = [{instancePath:instancePath+"/features/has/" + i0,schemaPath:"#/$defs/CaptureFeatures/properties/has/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
if(!(((data20 === "tools") || (data20 === "images")) || (data20 === "json_schema"))){
validate20.errors = [{instancePath:instancePath+"/features/has/" + i0,schemaPath:"#/$defs/CaptureFeatures/properties/has/items/enum",keyword:"enum",params:{allowedValues: schema32.properties.has.items.enum}}];
return false;
}
var valid5 = _errs46 === errors;
if(!valid5){
break;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/features/has",schemaPath:"#/$defs/CaptureFeatures/properties/has/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid4 = _errs44 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data18.fields !== undefined){
let data21 = data18.fields;
const _errs48 = errors;
if(errors === _errs48){
if(Array.isArray(data21)){
var valid6 = true;
const len1 = data21.length;
for(let i1=0; i1<len1; i1++){
const _errs50 = errors;
if(typeof data21[i1] !== "string"){
validate20.errors = [{instancePath:instancePath+"/features/fields/" + i1,schemaPath:"#/$defs/CaptureFeatures/properties/fields/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid6 = _errs50 === errors;
if(!valid6){
break;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/features/fields",schemaPath:"#/$defs/CaptureFeatures/properties/fields/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid4 = _errs48 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data18.messages !== undefined){
let data23 = data18.messages;
const _errs52 = errors;
if(!(((typeof data23 == "number") && (!(data23 % 1) && !isNaN(data23))) && (isFinite(data23)))){
validate20.errors = [{instancePath:instancePath+"/features/messages",schemaPath:"#/$defs/CaptureFeatures/properties/messages/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs52){
if((typeof data23 == "number") && (isFinite(data23))){
if(data23 < 0 || isNaN(data23)){
validate20.errors = [{instancePath:instancePath+"/features/messages",schemaPath:"#/$defs/CaptureFeatures/properties/messages/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid4 = _errs52 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data18.prompt_characters !== undefined){
let data24 = data18.prompt_characters;
const _errs54 = errors;
if(!(((typeof data24 == "number") && (!(data24 % 1) && !isNaN(data24))) && (isFinite(data24)))){
validate20.errors = [{instancePath:instancePath+"/features/prompt_characters",schemaPath:"#/$defs/CaptureFeatures/properties/prompt_characters/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs54){
if((typeof data24 == "number") && (isFinite(data24))){
if(data24 < 0 || isNaN(data24)){
validate20.errors = [{instancePath:instancePath+"/features/prompt_characters",schemaPath:"#/$defs/CaptureFeatures/properties/prompt_characters/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid4 = _errs54 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data18.images !== undefined){
let data25 = data18.images;
const _errs56 = errors;
if(!(((typeof data25 == "number") && (!(data25 % 1) && !isNaN(data25))) && (isFinite(data25)))){
validate20.errors = [{instancePath:instancePath+"/features/images",schemaPath:"#/$defs/CaptureFeatures/properties/images/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs56){
if((typeof data25 == "number") && (isFinite(data25))){
if(data25 < 0 || isNaN(data25)){
validate20.errors = [{instancePath:instancePath+"/features/images",schemaPath:"#/$defs/CaptureFeatures/properties/images/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid4 = _errs56 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data18.max_output_tokens !== undefined){
let data26 = data18.max_output_tokens;
const _errs58 = errors;
if((!(((typeof data26 == "number") && (!(data26 % 1) && !isNaN(data26))) && (isFinite(data26)))) && (data26 !== null)){
validate20.errors = [{instancePath:instancePath+"/features/max_output_tokens",schemaPath:"#/$defs/CaptureFeatures/properties/max_output_tokens/type",keyword:"type",params:{type: schema32.properties.max_output_tokens.type}}];
return false;
}
if(errors === _errs58){
if((typeof data26 == "number") && (isFinite(data26))){
if(data26 < 0 || isNaN(data26)){
validate20.errors = [{instancePath:instancePath+"/features/max_output_tokens",schemaPath:"#/$defs/CaptureFeatures/properties/max_output_tokens/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid4 = _errs58 === errors;
}
else {
var valid4 = true;
}
}
}
}
}
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/features",schemaPath:"#/$defs/CaptureFeatures/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs40 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.estimate !== undefined){
let data27 = data.estimate;
const _errs60 = errors;
const _errs61 = errors;
if(errors === _errs61){
if(data27 && typeof data27 == "object" && !Array.isArray(data27)){
let missing1;
if((((data27.input_tokens === undefined) && (missing1 = "input_tokens")) || ((data27.output_tokens === undefined) && (missing1 = "output_tokens"))) || ((data27.family === undefined) && (missing1 = "family"))){
validate20.errors = [{instancePath:instancePath+"/estimate",schemaPath:"#/$defs/CaptureEstimate/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
const _errs63 = errors;
for(const key4 in data27){
if(!((((key4 === "input_tokens") || (key4 === "longest_input_tokens")) || (key4 === "output_tokens")) || (key4 === "family"))){
validate20.errors = [{instancePath:instancePath+"/estimate",schemaPath:"#/$defs/CaptureEstimate/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4}}];
return false;
break;
}
}
if(_errs63 === errors){
if(data27.input_tokens !== undefined){
let data28 = data27.input_tokens;
const _errs64 = errors;
if(!(((typeof data28 == "number") && (!(data28 % 1) && !isNaN(data28))) && (isFinite(data28)))){
validate20.errors = [{instancePath:instancePath+"/estimate/input_tokens",schemaPath:"#/$defs/CaptureEstimate/properties/input_tokens/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs64){
if((typeof data28 == "number") && (isFinite(data28))){
if(data28 < 0 || isNaN(data28)){
validate20.errors = [{instancePath:instancePath+"/estimate/input_tokens",schemaPath:"#/$defs/CaptureEstimate/properties/input_tokens/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid8 = _errs64 === errors;
}
else {
var valid8 = true;
}
if(valid8){
if(data27.longest_input_tokens !== undefined){
let data29 = data27.longest_input_tokens;
const _errs66 = errors;
if(!(((typeof data29 == "number") && (!(data29 % 1) && !isNaN(data29))) && (isFinite(data29)))){
validate20.errors = [{instancePath:instancePath+"/estimate/longest_input_tokens",schemaPath:"#/$defs/CaptureEstimate/properties/longest_input_tokens/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs66){
if((typeof data29 == "number") && (isFinite(data29))){
if(data29 < 0 || isNaN(data29)){
validate20.errors = [{instancePath:instancePath+"/estimate/longest_input_tokens",schemaPath:"#/$defs/CaptureEstimate/properties/longest_input_tokens/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid8 = _errs66 === errors;
}
else {
var valid8 = true;
}
if(valid8){
if(data27.output_tokens !== undefined){
let data30 = data27.output_tokens;
const _errs68 = errors;
if((!(((typeof data30 == "number") && (!(data30 % 1) && !isNaN(data30))) && (isFinite(data30)))) && (data30 !== null)){
validate20.errors = [{instancePath:instancePath+"/estimate/output_tokens",schemaPath:"#/$defs/CaptureEstimate/properties/output_tokens/type",keyword:"type",params:{type: schema33.properties.output_tokens.type}}];
return false;
}
if(errors === _errs68){
if((typeof data30 == "number") && (isFinite(data30))){
if(data30 < 0 || isNaN(data30)){
validate20.errors = [{instancePath:instancePath+"/estimate/output_tokens",schemaPath:"#/$defs/CaptureEstimate/properties/output_tokens/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid8 = _errs68 === errors;
}
else {
var valid8 = true;
}
if(valid8){
if(data27.family !== undefined){
const _errs70 = errors;
if(typeof data27.family !== "string"){
validate20.errors = [{instancePath:instancePath+"/estimate/family",schemaPath:"#/$defs/CaptureEstimate/properties/family/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid8 = _errs70 === errors;
}
else {
var valid8 = true;
}
}
}
}
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/estimate",schemaPath:"#/$defs/CaptureEstimate/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs60 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.usage !== undefined){
let data32 = data.usage;
const _errs72 = errors;
const _errs73 = errors;
if(errors === _errs73){
if(data32 && typeof data32 == "object" && !Array.isArray(data32)){
let missing2;
if(((data32.input === undefined) && (missing2 = "input")) || ((data32.output === undefined) && (missing2 = "output"))){
validate20.errors = [{instancePath:instancePath+"/usage",schemaPath:"#/$defs/CaptureUsage/required",keyword:"required",params:{missingProperty: missing2}}];
return false;
}
else {
const _errs75 = errors;
for(const key5 in data32){
if(!((((key5 === "input") || (key5 === "output")) || (key5 === "cached")) || (key5 === "reasoning"))){
validate20.errors = [{instancePath:instancePath+"/usage",schemaPath:"#/$defs/CaptureUsage/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5}}];
return false;
break;
}
}
if(_errs75 === errors){
if(data32.input !== undefined){
let data33 = data32.input;
const _errs76 = errors;
if(!(((typeof data33 == "number") && (!(data33 % 1) && !isNaN(data33))) && (isFinite(data33)))){
validate20.errors = [{instancePath:instancePath+"/usage/input",schemaPath:"#/$defs/CaptureUsage/properties/input/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs76){
if((typeof data33 == "number") && (isFinite(data33))){
if(data33 < 0 || isNaN(data33)){
validate20.errors = [{instancePath:instancePath+"/usage/input",schemaPath:"#/$defs/CaptureUsage/properties/input/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid10 = _errs76 === errors;
}
else {
var valid10 = true;
}
if(valid10){
if(data32.output !== undefined){
let data34 = data32.output;
const _errs78 = errors;
if(!(((typeof data34 == "number") && (!(data34 % 1) && !isNaN(data34))) && (isFinite(data34)))){
validate20.errors = [{instancePath:instancePath+"/usage/output",schemaPath:"#/$defs/CaptureUsage/properties/output/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs78){
if((typeof data34 == "number") && (isFinite(data34))){
if(data34 < 0 || isNaN(data34)){
validate20.errors = [{instancePath:instancePath+"/usage/output",schemaPath:"#/$defs/CaptureUsage/properties/output/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid10 = _errs78 === errors;
}
else {
var valid10 = true;
}
if(valid10){
if(data32.cached !== undefined){
let data35 = data32.cached;
const _errs80 = errors;
if(!(((typeof data35 == "number") && (!(data35 % 1) && !isNaN(data35))) && (isFinite(data35)))){
validate20.errors = [{instancePath:instancePath+"/usage/cached",schemaPath:"#/$defs/CaptureUsage/properties/cached/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs80){
if((typeof data35 == "number") && (isFinite(data35))){
if(data35 < 0 || isNaN(data35)){
validate20.errors = [{instancePath:instancePath+"/usage/cached",schemaPath:"#/$defs/CaptureUsage/properties/cached/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid10 = _errs80 === errors;
}
else {
var valid10 = true;
}
if(valid10){
if(data32.reasoning !== undefined){
let data36 = data32.reasoning;
const _errs82 = errors;
if(!(((typeof data36 == "number") && (!(data36 % 1) && !isNaN(data36))) && (isFinite(data36)))){
validate20.errors = [{instancePath:instancePath+"/usage/reasoning",schemaPath:"#/$defs/CaptureUsage/properties/reasoning/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs82){
if((typeof data36 == "number") && (isFinite(data36))){
if(data36 < 0 || isNaN(data36)){
validate20.errors = [{instancePath:instancePath+"/usage/reasoning",schemaPath:"#/$defs/CaptureUsage/properties/reasoning/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid10 = _errs82 === errors;
}
else {
var valid10 = true;
}
}
}
}
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/usage",schemaPath:"#/$defs/CaptureUsage/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs72 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.events !== undefined){
let data37 = data.events;
const _errs84 = errors;
if(errors === _errs84){
if(Array.isArray(data37)){
var valid11 = true;
const len2 = data37.length;
for(let i2=0; i2<len2; i2++){
let data38 = data37[i2];
const _errs86 = errors;
if(errors === _errs86){
if(Array.isArray(data38)){
if(data38.length > 4){
validate20.errors = [{instancePath:instancePath+"/events/" + i2,schemaPath:"#/properties/events/items/maxItems",keyword:"maxItems",params:{limit: 4}}];
return false;
}
else {
if(data38.length < 4){
validate20.errors = [{instancePath:instancePath+"/events/" + i2,schemaPath:"#/properties/events/items/minItems",keyword:"minItems",params:{limit: 4}}];
return false;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/events/" + i2,schemaPath:"#/properties/events/items/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid11 = _errs86 === errors;
if(!valid11){
break;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/events",schemaPath:"#/properties/events/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs84 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.candidates !== undefined){
let data39 = data.candidates;
const _errs88 = errors;
if(errors === _errs88){
if(Array.isArray(data39)){
var valid12 = true;
const len3 = data39.length;
for(let i3=0; i3<len3; i3++){
let data40 = data39[i3];
const _errs90 = errors;
const _errs91 = errors;
if(errors === _errs91){
if(data40 && typeof data40 == "object" && !Array.isArray(data40)){
let missing3;
if((((data40.target === undefined) && (missing3 = "target")) || ((data40.tried === undefined) && (missing3 = "tried"))) || ((data40.verdict === undefined) && (missing3 = "verdict"))){
validate20.errors = [{instancePath:instancePath+"/candidates/" + i3,schemaPath:"spool.schema.json#/$defs/CandidateRecord/required",keyword:"required",params:{missingProperty: missing3}}];
return false;
}
else {
if(data40.target !== undefined){
const _errs94 = errors;
if(typeof data40.target !== "string"){
validate20.errors = [{instancePath:instancePath+"/candidates/" + i3+"/target",schemaPath:"spool.schema.json#/$defs/CandidateRecord/properties/target/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid14 = _errs94 === errors;
}
else {
var valid14 = true;
}
if(valid14){
if(data40.tried !== undefined){
const _errs96 = errors;
if(typeof data40.tried !== "boolean"){
validate20.errors = [{instancePath:instancePath+"/candidates/" + i3+"/tried",schemaPath:"spool.schema.json#/$defs/CandidateRecord/properties/tried/type",keyword:"type",params:{type: "boolean"}}];
return false;
}
var valid14 = _errs96 === errors;
}
else {
var valid14 = true;
}
if(valid14){
if(data40.verdict !== undefined){
let data43 = data40.verdict;
const _errs98 = errors;
if((typeof data43 !== "string") && (data43 !== null)){
validate20.errors = [{instancePath:instancePath+"/candidates/" + i3+"/verdict",schemaPath:"spool.schema.json#/$defs/CandidateRecord/properties/verdict/type",keyword:"type",params:{type: schema40.properties.verdict.type}}];
return false;
}
if(!((((((((((((data43 === "admissible") || (data43 === "breaker_open")) || (data43 === "cooling_down")) || (data43 === "ceiling_reached")) || (data43 === "outside_boundary")) || (data43 === "over_cost_cap")) || (data43 === "context_too_long")) || (data43 === "cannot_express")) || (data43 === "unsupported_operation")) || (data43 === "too_many_inputs")) || (data43 === "secret_missing")) || (data43 === null))){
validate20.errors = [{instancePath:instancePath+"/candidates/" + i3+"/verdict",schemaPath:"spool.schema.json#/$defs/CandidateRecord/properties/verdict/enum",keyword:"enum",params:{allowedValues: schema40.properties.verdict.enum}}];
return false;
}
var valid14 = _errs98 === errors;
}
else {
var valid14 = true;
}
}
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/candidates/" + i3,schemaPath:"spool.schema.json#/$defs/CandidateRecord/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid12 = _errs90 === errors;
if(!valid12){
break;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/candidates",schemaPath:"#/properties/candidates/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs88 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.attempts !== undefined){
let data44 = data.attempts;
const _errs100 = errors;
if(errors === _errs100){
if(Array.isArray(data44)){
var valid15 = true;
const len4 = data44.length;
for(let i4=0; i4<len4; i4++){
const _errs102 = errors;
if(!(validate32(data44[i4], {instancePath:instancePath+"/attempts/" + i4,parentData:data44,parentDataProperty:i4,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate32.errors : vErrors.concat(validate32.errors);
errors = vErrors.length;
}
var valid15 = _errs102 === errors;
if(!valid15){
break;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/attempts",schemaPath:"#/properties/attempts/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs100 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.finish !== undefined){
let data46 = data.finish;
const _errs103 = errors;
const _errs104 = errors;
if(errors === _errs104){
if(data46 && typeof data46 == "object" && !Array.isArray(data46)){
let missing4;
if(((data46.outcome === undefined) && (missing4 = "outcome")) || ((data46.status === undefined) && (missing4 = "status"))){
validate20.errors = [{instancePath:instancePath+"/finish",schemaPath:"#/$defs/CaptureFinish/required",keyword:"required",params:{missingProperty: missing4}}];
return false;
}
else {
const _errs106 = errors;
for(const key6 in data46){
if(!(((key6 === "outcome") || (key6 === "status")) || (key6 === "code"))){
validate20.errors = [{instancePath:instancePath+"/finish",schemaPath:"#/$defs/CaptureFinish/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6}}];
return false;
break;
}
}
if(_errs106 === errors){
if(data46.outcome !== undefined){
let data47 = data46.outcome;
const _errs107 = errors;
if(typeof data47 !== "string"){
validate20.errors = [{instancePath:instancePath+"/finish/outcome",schemaPath:"#/$defs/CaptureFinish/properties/outcome/type",keyword:"type",params:{type: "string"}}];
return false;
}
if(!((((data47 === "served") || (data47 === "broken")) || (data47 === "failed")) || (data47 === "abandoned"))){
validate20.errors = [{instancePath:instancePath+"/finish/outcome",schemaPath:"#/$defs/CaptureFinish/properties/outcome/enum",keyword:"enum",params:{allowedValues: schema49.properties.outcome.enum}}];
return false;
}
var valid17 = _errs107 === errors;
}
else {
var valid17 = true;
}
if(valid17){
if(data46.status !== undefined){
let data48 = data46.status;
const _errs109 = errors;
if(!(((typeof data48 == "number") && (!(data48 % 1) && !isNaN(data48))) && (isFinite(data48)))){
validate20.errors = [{instancePath:instancePath+"/finish/status",schemaPath:"#/$defs/CaptureFinish/properties/status/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid17 = _errs109 === errors;
}
else {
var valid17 = true;
}
if(valid17){
if(data46.code !== undefined){
let data49 = data46.code;
const _errs111 = errors;
if((typeof data49 !== "string") && (data49 !== null)){
validate20.errors = [{instancePath:instancePath+"/finish/code",schemaPath:"#/$defs/CaptureFinish/properties/code/type",keyword:"type",params:{type: schema49.properties.code.type}}];
return false;
}
var valid17 = _errs111 === errors;
}
else {
var valid17 = true;
}
}
}
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/finish",schemaPath:"#/$defs/CaptureFinish/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs103 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.cost_micro_usd !== undefined){
let data50 = data.cost_micro_usd;
const _errs113 = errors;
if((!(((typeof data50 == "number") && (!(data50 % 1) && !isNaN(data50))) && (isFinite(data50)))) && (data50 !== null)){
validate20.errors = [{instancePath:instancePath+"/cost_micro_usd",schemaPath:"#/properties/cost_micro_usd/type",keyword:"type",params:{type: schema31.properties.cost_micro_usd.type}}];
return false;
}
var valid0 = _errs113 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.messages !== undefined){
let data51 = data.messages;
const _errs115 = errors;
if(errors === _errs115){
if(Array.isArray(data51)){
var valid18 = true;
const len5 = data51.length;
for(let i5=0; i5<len5; i5++){
let data52 = data51[i5];
const _errs117 = errors;
if(errors === _errs117){
if(data52 && typeof data52 == "object" && !Array.isArray(data52)){
}
else {
validate20.errors = [{instancePath:instancePath+"/messages/" + i5,schemaPath:"#/properties/messages/items/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid18 = _errs117 === errors;
if(!valid18){
break;
}
}
}
else {
validate20.errors = [{instancePath:instancePath+"/messages",schemaPath:"#/properties/messages/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs115 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.answer !== undefined){
let data53 = data.answer;
const _errs120 = errors;
if((typeof data53 !== "string") && (data53 !== null)){
validate20.errors = [{instancePath:instancePath+"/answer",schemaPath:"#/properties/answer/type",keyword:"type",params:{type: schema31.properties.answer.type}}];
return false;
}
var valid0 = _errs120 === errors;
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
else {
validate20.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate20.errors = vErrors;
return errors === 0;
}
validate20.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};
