// @ts-nocheck
// Made by schemas/generate.ts from schemas/*.schema.json. Do not edit: change the schema and run it again.
import { ucs2length } from '../../runtime.ts';
export const validate: import('../../validation.ts').GeneratedValidator = validate20;
const schema31 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"capture.schema.json","type":"object","additionalProperties":false,"required":["v","at","model"],"properties":{"v":{"type":"integer","const":1},"id":{"type":"string"},"at":{"type":"string"},"process":{"type":"string"},"generation":{"type":"integer"},"revision":{"type":"string"},"seed":{"type":"string","pattern":"^[0-9a-f]{16}$"},"route":{"type":["string","null"]},"credential":{"type":"string"},"organization":{"type":"string"},"project":{"type":"string"},"model":{"type":"string","minLength":1},"stream":{"type":"boolean"},"headers":{"type":"object","additionalProperties":{"type":"string"}},"sticky_seeds":{"type":"object","additionalProperties":{"type":"string"}},"features":{"$ref":"#/$defs/CaptureFeatures"},"estimate":{"$ref":"#/$defs/CaptureEstimate"},"usage":{"$ref":"#/$defs/CaptureUsage"},"events":{"type":"array","items":{"type":"array","minItems":4,"maxItems":4}},"candidates":{"type":"array","items":{"$ref":"spool.schema.json#/$defs/CandidateRecord"}},"attempts":{"type":"array","items":{"$ref":"#/$defs/CaptureAttempt"}},"finish":{"$ref":"#/$defs/CaptureFinish"},"cost_micro_usd":{"type":["integer","null"]},"messages":{"type":"array","items":{"type":"object","additionalProperties":true}},"answer":{"type":["string","null"]}},"$defs":{"CaptureFeatures":{"type":"object","properties":{"has":{"type":"array","items":{"type":"string","enum":["tools","images","json_schema"]}},"fields":{"type":"array","items":{"type":"string"}},"messages":{"type":"integer","minimum":0},"prompt_characters":{"type":"integer","minimum":0},"images":{"type":"integer","minimum":0},"max_output_tokens":{"type":["integer","null"],"minimum":0}},"additionalProperties":false},"CaptureUsage":{"type":"object","properties":{"input":{"type":"integer","minimum":0},"output":{"type":"integer","minimum":0},"cached":{"type":"integer","minimum":0},"reasoning":{"type":"integer","minimum":0}},"additionalProperties":false,"required":["input","output"]},"CaptureEstimate":{"type":"object","properties":{"input_tokens":{"type":"integer","minimum":0},"output_tokens":{"type":["integer","null"],"minimum":0},"family":{"type":"string"}},"additionalProperties":false,"required":["input_tokens","output_tokens","family"]},"CaptureAttempt":{"type":"object","properties":{"target":{"type":"string"},"started_us":{"type":"integer","minimum":0},"class":{"type":["string","null"]},"status":{"type":"integer"},"first_content_us":{"type":["integer","null"],"minimum":0},"total_us":{"type":["integer","null"],"minimum":0},"aborted_by":{"type":["string","null"],"enum":["engine","caller",null]},"retry_after_ms":{"type":["number","null"],"minimum":0},"usage":{"$ref":"#/$defs/CaptureUsage"}},"additionalProperties":false,"required":["target"]},"CaptureFinish":{"type":"object","properties":{"outcome":{"type":"string","enum":["served","broken","failed","abandoned"]},"status":{"type":"integer"},"code":{"type":["string","null"]}},"additionalProperties":false,"required":["outcome","status"]}}};
const schema32 = {"type":"object","properties":{"has":{"type":"array","items":{"type":"string","enum":["tools","images","json_schema"]}},"fields":{"type":"array","items":{"type":"string"}},"messages":{"type":"integer","minimum":0},"prompt_characters":{"type":"integer","minimum":0},"images":{"type":"integer","minimum":0},"max_output_tokens":{"type":["integer","null"],"minimum":0}},"additionalProperties":false};
const schema33 = {"type":"object","properties":{"input_tokens":{"type":"integer","minimum":0},"output_tokens":{"type":["integer","null"],"minimum":0},"family":{"type":"string"}},"additionalProperties":false,"required":["input_tokens","output_tokens","family"]};
const schema40 = {"type":"object","required":["target","tried","verdict"],"properties":{"target":{"type":"string"},"tried":{"type":"boolean"},"verdict":{"type":["string","null"],"enum":["admissible","breaker_open","cooling_down","ceiling_reached","outside_boundary","over_cost_cap","context_too_long","cannot_express","secret_missing",null]}},"additionalProperties":true};
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
if(data.model !== undefined){
let data11 = data.model;
const _errs24 = errors;
if(errors === _errs24){
if(typeof data11 === "string"){
if(func2(data11) < 1){
validate20.errors = [{instancePath:instancePath+"/model",schemaPath:"#/properties/model/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
else {
validate20.errors = [{instancePath:instancePath+"/model",schemaPath:"#/properties/model/type",keyword:"type",params:{type: "string"}}];
return false;
}
}
var valid0 = _errs24 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.stream !== undefined){
const _errs26 = errors;
if(typeof data.stream !== "boolean"){
validate20.errors = [{instancePath:instancePath+"/stream",schemaPath:"#/properties/stream/type",keyword:"type",params:{type: "boolean"}}];
return false;
}
var valid0 = _errs26 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.headers !== undefined){
let data13 = data.headers;
const _errs28 = errors;
if(errors === _errs28){
if(data13 && typeof data13 == "object" && !Array.isArray(data13)){
for(const key1 in data13){
const _errs31 = errors;
if(typeof data13[key1] !== "string"){
validate20.errors = [{instancePath:instancePath+"/headers/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/headers/additionalProperties/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid1 = _errs31 === errors;
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
var valid0 = _errs28 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.sticky_seeds !== undefined){
let data15 = data.sticky_seeds;
const _errs33 = errors;
if(errors === _errs33){
if(data15 && typeof data15 == "object" && !Array.isArray(data15)){
for(const key2 in data15){
const _errs36 = errors;
if(typeof data15[key2] !== "string"){
validate20.errors = [{instancePath:instancePath+"/sticky_seeds/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/sticky_seeds/additionalProperties/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid2 = _errs36 === errors;
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
var valid0 = _errs33 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.features !== undefined){
let data17 = data.features;
const _errs38 = errors;
const _errs39 = errors;
if(errors === _errs39){
if(data17 && typeof data17 == "object" && !Array.isArray(data17)){
const _errs41 = errors;
for(const key3 in data17){
if(!((((((key3 === "has") || (key3 === "fields")) || (key3 === "messages")) || (key3 === "prompt_characters")) || (key3 === "images")) || (key3 === "max_output_tokens"))){
validate20.errors = [{instancePath:instancePath+"/features",schemaPath:"#/$defs/CaptureFeatures/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3}}];
return false;
break;
}
}
if(_errs41 === errors){
if(data17.has !== undefined){
let data18 = data17.has;
const _errs42 = errors;
if(errors === _errs42){
if(Array.isArray(data18)){
var valid5 = true;
const len0 = data18.length;
for(let i0=0; i0<len0; i0++){
let data19 = data18[i0];
const _errs44 = errors;
if(typeof data19 !== "string"){
validate20.errors = [{instancePath:instancePath+"/features/has/" + i0,schemaPath:"#/$defs/CaptureFeatures/properties/has/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
if(!(((data19 === "tools") || (data19 === "images")) || (data19 === "json_schema"))){
validate20.errors = [{instancePath:instancePath+"/features/has/" + i0,schemaPath:"#/$defs/CaptureFeatures/properties/has/items/enum",keyword:"enum",params:{allowedValues: schema32.properties.has.items.enum}}];
return false;
}
var valid5 = _errs44 === errors;
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
var valid4 = _errs42 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data17.fields !== undefined){
let data20 = data17.fields;
const _errs46 = errors;
if(errors === _errs46){
if(Array.isArray(data20)){
var valid6 = true;
const len1 = data20.length;
for(let i1=0; i1<len1; i1++){
const _errs48 = errors;
if(typeof data20[i1] !== "string"){
validate20.errors = [{instancePath:instancePath+"/features/fields/" + i1,schemaPath:"#/$defs/CaptureFeatures/properties/fields/items/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid6 = _errs48 === errors;
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
var valid4 = _errs46 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data17.messages !== undefined){
let data22 = data17.messages;
const _errs50 = errors;
if(!(((typeof data22 == "number") && (!(data22 % 1) && !isNaN(data22))) && (isFinite(data22)))){
validate20.errors = [{instancePath:instancePath+"/features/messages",schemaPath:"#/$defs/CaptureFeatures/properties/messages/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs50){
if((typeof data22 == "number") && (isFinite(data22))){
if(data22 < 0 || isNaN(data22)){
validate20.errors = [{instancePath:instancePath+"/features/messages",schemaPath:"#/$defs/CaptureFeatures/properties/messages/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid4 = _errs50 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data17.prompt_characters !== undefined){
let data23 = data17.prompt_characters;
const _errs52 = errors;
if(!(((typeof data23 == "number") && (!(data23 % 1) && !isNaN(data23))) && (isFinite(data23)))){
validate20.errors = [{instancePath:instancePath+"/features/prompt_characters",schemaPath:"#/$defs/CaptureFeatures/properties/prompt_characters/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs52){
if((typeof data23 == "number") && (isFinite(data23))){
if(data23 < 0 || isNaN(data23)){
validate20.errors = [{instancePath:instancePath+"/features/prompt_characters",schemaPath:"#/$defs/CaptureFeatures/properties/prompt_characters/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
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
if(data17.images !== undefined){
let data24 = data17.images;
const _errs54 = errors;
if(!(((typeof data24 == "number") && (!(data24 % 1) && !isNaN(data24))) && (isFinite(data24)))){
validate20.errors = [{instancePath:instancePath+"/features/images",schemaPath:"#/$defs/CaptureFeatures/properties/images/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs54){
if((typeof data24 == "number") && (isFinite(data24))){
if(data24 < 0 || isNaN(data24)){
validate20.errors = [{instancePath:instancePath+"/features/images",schemaPath:"#/$defs/CaptureFeatures/properties/images/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
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
if(data17.max_output_tokens !== undefined){
let data25 = data17.max_output_tokens;
const _errs56 = errors;
if((!(((typeof data25 == "number") && (!(data25 % 1) && !isNaN(data25))) && (isFinite(data25)))) && (data25 !== null)){
validate20.errors = [{instancePath:instancePath+"/features/max_output_tokens",schemaPath:"#/$defs/CaptureFeatures/properties/max_output_tokens/type",keyword:"type",params:{type: schema32.properties.max_output_tokens.type}}];
return false;
}
if(errors === _errs56){
if((typeof data25 == "number") && (isFinite(data25))){
if(data25 < 0 || isNaN(data25)){
validate20.errors = [{instancePath:instancePath+"/features/max_output_tokens",schemaPath:"#/$defs/CaptureFeatures/properties/max_output_tokens/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid4 = _errs56 === errors;
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
var valid0 = _errs38 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.estimate !== undefined){
let data26 = data.estimate;
const _errs58 = errors;
const _errs59 = errors;
if(errors === _errs59){
if(data26 && typeof data26 == "object" && !Array.isArray(data26)){
let missing1;
if((((data26.input_tokens === undefined) && (missing1 = "input_tokens")) || ((data26.output_tokens === undefined) && (missing1 = "output_tokens"))) || ((data26.family === undefined) && (missing1 = "family"))){
validate20.errors = [{instancePath:instancePath+"/estimate",schemaPath:"#/$defs/CaptureEstimate/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
const _errs61 = errors;
for(const key4 in data26){
if(!(((key4 === "input_tokens") || (key4 === "output_tokens")) || (key4 === "family"))){
validate20.errors = [{instancePath:instancePath+"/estimate",schemaPath:"#/$defs/CaptureEstimate/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4}}];
return false;
break;
}
}
if(_errs61 === errors){
if(data26.input_tokens !== undefined){
let data27 = data26.input_tokens;
const _errs62 = errors;
if(!(((typeof data27 == "number") && (!(data27 % 1) && !isNaN(data27))) && (isFinite(data27)))){
validate20.errors = [{instancePath:instancePath+"/estimate/input_tokens",schemaPath:"#/$defs/CaptureEstimate/properties/input_tokens/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs62){
if((typeof data27 == "number") && (isFinite(data27))){
if(data27 < 0 || isNaN(data27)){
validate20.errors = [{instancePath:instancePath+"/estimate/input_tokens",schemaPath:"#/$defs/CaptureEstimate/properties/input_tokens/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid8 = _errs62 === errors;
}
else {
var valid8 = true;
}
if(valid8){
if(data26.output_tokens !== undefined){
let data28 = data26.output_tokens;
const _errs64 = errors;
if((!(((typeof data28 == "number") && (!(data28 % 1) && !isNaN(data28))) && (isFinite(data28)))) && (data28 !== null)){
validate20.errors = [{instancePath:instancePath+"/estimate/output_tokens",schemaPath:"#/$defs/CaptureEstimate/properties/output_tokens/type",keyword:"type",params:{type: schema33.properties.output_tokens.type}}];
return false;
}
if(errors === _errs64){
if((typeof data28 == "number") && (isFinite(data28))){
if(data28 < 0 || isNaN(data28)){
validate20.errors = [{instancePath:instancePath+"/estimate/output_tokens",schemaPath:"#/$defs/CaptureEstimate/properties/output_tokens/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
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
if(data26.family !== undefined){
const _errs66 = errors;
if(typeof data26.family !== "string"){
validate20.errors = [{instancePath:instancePath+"/estimate/family",schemaPath:"#/$defs/CaptureEstimate/properties/family/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid8 = _errs66 === errors;
}
else {
var valid8 = true;
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
var valid0 = _errs58 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.usage !== undefined){
let data30 = data.usage;
const _errs68 = errors;
const _errs69 = errors;
if(errors === _errs69){
if(data30 && typeof data30 == "object" && !Array.isArray(data30)){
let missing2;
if(((data30.input === undefined) && (missing2 = "input")) || ((data30.output === undefined) && (missing2 = "output"))){
validate20.errors = [{instancePath:instancePath+"/usage",schemaPath:"#/$defs/CaptureUsage/required",keyword:"required",params:{missingProperty: missing2}}];
return false;
}
else {
const _errs71 = errors;
for(const key5 in data30){
if(!((((key5 === "input") || (key5 === "output")) || (key5 === "cached")) || (key5 === "reasoning"))){
validate20.errors = [{instancePath:instancePath+"/usage",schemaPath:"#/$defs/CaptureUsage/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5}}];
return false;
break;
}
}
if(_errs71 === errors){
if(data30.input !== undefined){
let data31 = data30.input;
const _errs72 = errors;
if(!(((typeof data31 == "number") && (!(data31 % 1) && !isNaN(data31))) && (isFinite(data31)))){
validate20.errors = [{instancePath:instancePath+"/usage/input",schemaPath:"#/$defs/CaptureUsage/properties/input/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs72){
if((typeof data31 == "number") && (isFinite(data31))){
if(data31 < 0 || isNaN(data31)){
validate20.errors = [{instancePath:instancePath+"/usage/input",schemaPath:"#/$defs/CaptureUsage/properties/input/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid10 = _errs72 === errors;
}
else {
var valid10 = true;
}
if(valid10){
if(data30.output !== undefined){
let data32 = data30.output;
const _errs74 = errors;
if(!(((typeof data32 == "number") && (!(data32 % 1) && !isNaN(data32))) && (isFinite(data32)))){
validate20.errors = [{instancePath:instancePath+"/usage/output",schemaPath:"#/$defs/CaptureUsage/properties/output/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs74){
if((typeof data32 == "number") && (isFinite(data32))){
if(data32 < 0 || isNaN(data32)){
validate20.errors = [{instancePath:instancePath+"/usage/output",schemaPath:"#/$defs/CaptureUsage/properties/output/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid10 = _errs74 === errors;
}
else {
var valid10 = true;
}
if(valid10){
if(data30.cached !== undefined){
let data33 = data30.cached;
const _errs76 = errors;
if(!(((typeof data33 == "number") && (!(data33 % 1) && !isNaN(data33))) && (isFinite(data33)))){
validate20.errors = [{instancePath:instancePath+"/usage/cached",schemaPath:"#/$defs/CaptureUsage/properties/cached/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs76){
if((typeof data33 == "number") && (isFinite(data33))){
if(data33 < 0 || isNaN(data33)){
validate20.errors = [{instancePath:instancePath+"/usage/cached",schemaPath:"#/$defs/CaptureUsage/properties/cached/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
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
if(data30.reasoning !== undefined){
let data34 = data30.reasoning;
const _errs78 = errors;
if(!(((typeof data34 == "number") && (!(data34 % 1) && !isNaN(data34))) && (isFinite(data34)))){
validate20.errors = [{instancePath:instancePath+"/usage/reasoning",schemaPath:"#/$defs/CaptureUsage/properties/reasoning/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs78){
if((typeof data34 == "number") && (isFinite(data34))){
if(data34 < 0 || isNaN(data34)){
validate20.errors = [{instancePath:instancePath+"/usage/reasoning",schemaPath:"#/$defs/CaptureUsage/properties/reasoning/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid10 = _errs78 === errors;
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
var valid0 = _errs68 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.events !== undefined){
let data35 = data.events;
const _errs80 = errors;
if(errors === _errs80){
if(Array.isArray(data35)){
var valid11 = true;
const len2 = data35.length;
for(let i2=0; i2<len2; i2++){
let data36 = data35[i2];
const _errs82 = errors;
if(errors === _errs82){
if(Array.isArray(data36)){
if(data36.length > 4){
validate20.errors = [{instancePath:instancePath+"/events/" + i2,schemaPath:"#/properties/events/items/maxItems",keyword:"maxItems",params:{limit: 4}}];
return false;
}
else {
if(data36.length < 4){
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
var valid11 = _errs82 === errors;
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
var valid0 = _errs80 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.candidates !== undefined){
let data37 = data.candidates;
const _errs84 = errors;
if(errors === _errs84){
if(Array.isArray(data37)){
var valid12 = true;
const len3 = data37.length;
for(let i3=0; i3<len3; i3++){
let data38 = data37[i3];
const _errs86 = errors;
const _errs87 = errors;
if(errors === _errs87){
if(data38 && typeof data38 == "object" && !Array.isArray(data38)){
let missing3;
if((((data38.target === undefined) && (missing3 = "target")) || ((data38.tried === undefined) && (missing3 = "tried"))) || ((data38.verdict === undefined) && (missing3 = "verdict"))){
validate20.errors = [{instancePath:instancePath+"/candidates/" + i3,schemaPath:"spool.schema.json#/$defs/CandidateRecord/required",keyword:"required",params:{missingProperty: missing3}}];
return false;
}
else {
if(data38.target !== undefined){
const _errs90 = errors;
if(typeof data38.target !== "string"){
validate20.errors = [{instancePath:instancePath+"/candidates/" + i3+"/target",schemaPath:"spool.schema.json#/$defs/CandidateRecord/properties/target/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid14 = _errs90 === errors;
}
else {
var valid14 = true;
}
if(valid14){
if(data38.tried !== undefined){
const _errs92 = errors;
if(typeof data38.tried !== "boolean"){
validate20.errors = [{instancePath:instancePath+"/candidates/" + i3+"/tried",schemaPath:"spool.schema.json#/$defs/CandidateRecord/properties/tried/type",keyword:"type",params:{type: "boolean"}}];
return false;
}
var valid14 = _errs92 === errors;
}
else {
var valid14 = true;
}
if(valid14){
if(data38.verdict !== undefined){
let data41 = data38.verdict;
const _errs94 = errors;
if((typeof data41 !== "string") && (data41 !== null)){
validate20.errors = [{instancePath:instancePath+"/candidates/" + i3+"/verdict",schemaPath:"spool.schema.json#/$defs/CandidateRecord/properties/verdict/type",keyword:"type",params:{type: schema40.properties.verdict.type}}];
return false;
}
if(!((((((((((data41 === "admissible") || (data41 === "breaker_open")) || (data41 === "cooling_down")) || (data41 === "ceiling_reached")) || (data41 === "outside_boundary")) || (data41 === "over_cost_cap")) || (data41 === "context_too_long")) || (data41 === "cannot_express")) || (data41 === "secret_missing")) || (data41 === null))){
validate20.errors = [{instancePath:instancePath+"/candidates/" + i3+"/verdict",schemaPath:"spool.schema.json#/$defs/CandidateRecord/properties/verdict/enum",keyword:"enum",params:{allowedValues: schema40.properties.verdict.enum}}];
return false;
}
var valid14 = _errs94 === errors;
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
var valid12 = _errs86 === errors;
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
var valid0 = _errs84 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.attempts !== undefined){
let data42 = data.attempts;
const _errs96 = errors;
if(errors === _errs96){
if(Array.isArray(data42)){
var valid15 = true;
const len4 = data42.length;
for(let i4=0; i4<len4; i4++){
const _errs98 = errors;
if(!(validate32(data42[i4], {instancePath:instancePath+"/attempts/" + i4,parentData:data42,parentDataProperty:i4,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate32.errors : vErrors.concat(validate32.errors);
errors = vErrors.length;
}
var valid15 = _errs98 === errors;
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
var valid0 = _errs96 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.finish !== undefined){
let data44 = data.finish;
const _errs99 = errors;
const _errs100 = errors;
if(errors === _errs100){
if(data44 && typeof data44 == "object" && !Array.isArray(data44)){
let missing4;
if(((data44.outcome === undefined) && (missing4 = "outcome")) || ((data44.status === undefined) && (missing4 = "status"))){
validate20.errors = [{instancePath:instancePath+"/finish",schemaPath:"#/$defs/CaptureFinish/required",keyword:"required",params:{missingProperty: missing4}}];
return false;
}
else {
const _errs102 = errors;
for(const key6 in data44){
if(!(((key6 === "outcome") || (key6 === "status")) || (key6 === "code"))){
validate20.errors = [{instancePath:instancePath+"/finish",schemaPath:"#/$defs/CaptureFinish/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6}}];
return false;
break;
}
}
if(_errs102 === errors){
if(data44.outcome !== undefined){
let data45 = data44.outcome;
const _errs103 = errors;
if(typeof data45 !== "string"){
validate20.errors = [{instancePath:instancePath+"/finish/outcome",schemaPath:"#/$defs/CaptureFinish/properties/outcome/type",keyword:"type",params:{type: "string"}}];
return false;
}
if(!((((data45 === "served") || (data45 === "broken")) || (data45 === "failed")) || (data45 === "abandoned"))){
validate20.errors = [{instancePath:instancePath+"/finish/outcome",schemaPath:"#/$defs/CaptureFinish/properties/outcome/enum",keyword:"enum",params:{allowedValues: schema49.properties.outcome.enum}}];
return false;
}
var valid17 = _errs103 === errors;
}
else {
var valid17 = true;
}
if(valid17){
if(data44.status !== undefined){
let data46 = data44.status;
const _errs105 = errors;
if(!(((typeof data46 == "number") && (!(data46 % 1) && !isNaN(data46))) && (isFinite(data46)))){
validate20.errors = [{instancePath:instancePath+"/finish/status",schemaPath:"#/$defs/CaptureFinish/properties/status/type",keyword:"type",params:{type: "integer"}}];
return false;
}
var valid17 = _errs105 === errors;
}
else {
var valid17 = true;
}
if(valid17){
if(data44.code !== undefined){
let data47 = data44.code;
const _errs107 = errors;
if((typeof data47 !== "string") && (data47 !== null)){
validate20.errors = [{instancePath:instancePath+"/finish/code",schemaPath:"#/$defs/CaptureFinish/properties/code/type",keyword:"type",params:{type: schema49.properties.code.type}}];
return false;
}
var valid17 = _errs107 === errors;
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
var valid0 = _errs99 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.cost_micro_usd !== undefined){
let data48 = data.cost_micro_usd;
const _errs109 = errors;
if((!(((typeof data48 == "number") && (!(data48 % 1) && !isNaN(data48))) && (isFinite(data48)))) && (data48 !== null)){
validate20.errors = [{instancePath:instancePath+"/cost_micro_usd",schemaPath:"#/properties/cost_micro_usd/type",keyword:"type",params:{type: schema31.properties.cost_micro_usd.type}}];
return false;
}
var valid0 = _errs109 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.messages !== undefined){
let data49 = data.messages;
const _errs111 = errors;
if(errors === _errs111){
if(Array.isArray(data49)){
var valid18 = true;
const len5 = data49.length;
for(let i5=0; i5<len5; i5++){
let data50 = data49[i5];
const _errs113 = errors;
if(errors === _errs113){
if(data50 && typeof data50 == "object" && !Array.isArray(data50)){
}
else {
validate20.errors = [{instancePath:instancePath+"/messages/" + i5,schemaPath:"#/properties/messages/items/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid18 = _errs113 === errors;
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
var valid0 = _errs111 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.answer !== undefined){
let data51 = data.answer;
const _errs116 = errors;
if((typeof data51 !== "string") && (data51 !== null)){
validate20.errors = [{instancePath:instancePath+"/answer",schemaPath:"#/properties/answer/type",keyword:"type",params:{type: schema31.properties.answer.type}}];
return false;
}
var valid0 = _errs116 === errors;
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
else {
validate20.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate20.errors = vErrors;
return errors === 0;
}
validate20.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};
