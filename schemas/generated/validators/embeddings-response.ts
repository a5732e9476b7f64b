// @ts-nocheck
// Made by schemas/generate.ts from schemas/*.schema.json. Do not edit: change the schema and run it again.
import { ucs2length } from '../../runtime.ts';
export const validate: import('../../validation.ts').GeneratedValidator = validate21;
const schema33 = {"type":"object","required":["object","index","embedding"],"properties":{"object":{"type":"string","const":"embedding"},"index":{"type":"integer","minimum":0},"embedding":{"type":["array","string"],"minItems":1,"minLength":1,"items":{"type":"number"}}},"additionalProperties":false};
const func1 = ucs2length;

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
if(((((data.object === undefined) && (missing0 = "object")) || ((data.data === undefined) && (missing0 = "data"))) || ((data.model === undefined) && (missing0 = "model"))) || ((data.usage === undefined) && (missing0 = "usage"))){
validate21.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0}}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((key0 === "object") || (key0 === "data")) || (key0 === "model")) || (key0 === "usage"))){
validate21.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.object !== undefined){
let data0 = data.object;
const _errs2 = errors;
if(typeof data0 !== "string"){
validate21.errors = [{instancePath:instancePath+"/object",schemaPath:"#/properties/object/type",keyword:"type",params:{type: "string"}}];
return false;
}
if("list" !== data0){
validate21.errors = [{instancePath:instancePath+"/object",schemaPath:"#/properties/object/const",keyword:"const",params:{allowedValue: "list"}}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.data !== undefined){
let data1 = data.data;
const _errs4 = errors;
if(errors === _errs4){
if(Array.isArray(data1)){
if(data1.length < 1){
validate21.errors = [{instancePath:instancePath+"/data",schemaPath:"#/properties/data/minItems",keyword:"minItems",params:{limit: 1}}];
return false;
}
else {
var valid1 = true;
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
let data2 = data1[i0];
const _errs6 = errors;
const _errs7 = errors;
if(errors === _errs7){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing1;
if((((data2.object === undefined) && (missing1 = "object")) || ((data2.index === undefined) && (missing1 = "index"))) || ((data2.embedding === undefined) && (missing1 = "embedding"))){
validate21.errors = [{instancePath:instancePath+"/data/" + i0,schemaPath:"#/$defs/Embedding/required",keyword:"required",params:{missingProperty: missing1}}];
return false;
}
else {
const _errs9 = errors;
for(const key1 in data2){
if(!(((key1 === "object") || (key1 === "index")) || (key1 === "embedding"))){
validate21.errors = [{instancePath:instancePath+"/data/" + i0,schemaPath:"#/$defs/Embedding/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}}];
return false;
break;
}
}
if(_errs9 === errors){
if(data2.object !== undefined){
let data3 = data2.object;
const _errs10 = errors;
if(typeof data3 !== "string"){
validate21.errors = [{instancePath:instancePath+"/data/" + i0+"/object",schemaPath:"#/$defs/Embedding/properties/object/type",keyword:"type",params:{type: "string"}}];
return false;
}
if("embedding" !== data3){
validate21.errors = [{instancePath:instancePath+"/data/" + i0+"/object",schemaPath:"#/$defs/Embedding/properties/object/const",keyword:"const",params:{allowedValue: "embedding"}}];
return false;
}
var valid3 = _errs10 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data2.index !== undefined){
let data4 = data2.index;
const _errs12 = errors;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
validate21.errors = [{instancePath:instancePath+"/data/" + i0+"/index",schemaPath:"#/$defs/Embedding/properties/index/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs12){
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 < 0 || isNaN(data4)){
validate21.errors = [{instancePath:instancePath+"/data/" + i0+"/index",schemaPath:"#/$defs/Embedding/properties/index/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid3 = _errs12 === errors;
}
else {
var valid3 = true;
}
if(valid3){
if(data2.embedding !== undefined){
let data5 = data2.embedding;
const _errs14 = errors;
if((!(Array.isArray(data5))) && (typeof data5 !== "string")){
validate21.errors = [{instancePath:instancePath+"/data/" + i0+"/embedding",schemaPath:"#/$defs/Embedding/properties/embedding/type",keyword:"type",params:{type: schema33.properties.embedding.type}}];
return false;
}
if(errors === _errs14){
if(typeof data5 === "string"){
if(func1(data5) < 1){
validate21.errors = [{instancePath:instancePath+"/data/" + i0+"/embedding",schemaPath:"#/$defs/Embedding/properties/embedding/minLength",keyword:"minLength",params:{limit: 1}}];
return false;
}
}
if(errors === _errs14){
if(Array.isArray(data5)){
if(data5.length < 1){
validate21.errors = [{instancePath:instancePath+"/data/" + i0+"/embedding",schemaPath:"#/$defs/Embedding/properties/embedding/minItems",keyword:"minItems",params:{limit: 1}}];
return false;
}
else {
var valid4 = true;
const len1 = data5.length;
for(let i1=0; i1<len1; i1++){
let data6 = data5[i1];
const _errs16 = errors;
if(!((typeof data6 == "number") && (isFinite(data6)))){
validate21.errors = [{instancePath:instancePath+"/data/" + i0+"/embedding/" + i1,schemaPath:"#/$defs/Embedding/properties/embedding/items/type",keyword:"type",params:{type: "number"}}];
return false;
}
var valid4 = _errs16 === errors;
if(!valid4){
break;
}
}
}
}
}
}
var valid3 = _errs14 === errors;
}
else {
var valid3 = true;
}
}
}
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/data/" + i0,schemaPath:"#/$defs/Embedding/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid1 = _errs6 === errors;
if(!valid1){
break;
}
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/data",schemaPath:"#/properties/data/type",keyword:"type",params:{type: "array"}}];
return false;
}
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.model !== undefined){
const _errs18 = errors;
if(typeof data.model !== "string"){
validate21.errors = [{instancePath:instancePath+"/model",schemaPath:"#/properties/model/type",keyword:"type",params:{type: "string"}}];
return false;
}
var valid0 = _errs18 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.usage !== undefined){
let data8 = data.usage;
const _errs20 = errors;
const _errs21 = errors;
if(errors === _errs21){
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
let missing2;
if(((data8.prompt_tokens === undefined) && (missing2 = "prompt_tokens")) || ((data8.total_tokens === undefined) && (missing2 = "total_tokens"))){
validate21.errors = [{instancePath:instancePath+"/usage",schemaPath:"#/$defs/EmbeddingsUsage/required",keyword:"required",params:{missingProperty: missing2}}];
return false;
}
else {
const _errs23 = errors;
for(const key2 in data8){
if(!((key2 === "prompt_tokens") || (key2 === "total_tokens"))){
validate21.errors = [{instancePath:instancePath+"/usage",schemaPath:"#/$defs/EmbeddingsUsage/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2}}];
return false;
break;
}
}
if(_errs23 === errors){
if(data8.prompt_tokens !== undefined){
let data9 = data8.prompt_tokens;
const _errs24 = errors;
if(!(((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9))) && (isFinite(data9)))){
validate21.errors = [{instancePath:instancePath+"/usage/prompt_tokens",schemaPath:"#/$defs/EmbeddingsUsage/properties/prompt_tokens/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs24){
if((typeof data9 == "number") && (isFinite(data9))){
if(data9 < 0 || isNaN(data9)){
validate21.errors = [{instancePath:instancePath+"/usage/prompt_tokens",schemaPath:"#/$defs/EmbeddingsUsage/properties/prompt_tokens/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid6 = _errs24 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data8.total_tokens !== undefined){
let data10 = data8.total_tokens;
const _errs26 = errors;
if(!(((typeof data10 == "number") && (!(data10 % 1) && !isNaN(data10))) && (isFinite(data10)))){
validate21.errors = [{instancePath:instancePath+"/usage/total_tokens",schemaPath:"#/$defs/EmbeddingsUsage/properties/total_tokens/type",keyword:"type",params:{type: "integer"}}];
return false;
}
if(errors === _errs26){
if((typeof data10 == "number") && (isFinite(data10))){
if(data10 < 0 || isNaN(data10)){
validate21.errors = [{instancePath:instancePath+"/usage/total_tokens",schemaPath:"#/$defs/EmbeddingsUsage/properties/total_tokens/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}}];
return false;
}
}
}
var valid6 = _errs26 === errors;
}
else {
var valid6 = true;
}
}
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/usage",schemaPath:"#/$defs/EmbeddingsUsage/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
var valid0 = _errs20 === errors;
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
else {
validate21.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}}];
return false;
}
}
validate21.errors = vErrors;
return errors === 0;
}
validate21.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};
