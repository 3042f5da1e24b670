OPENQASM 3.0;
include "stdgates.inc";
// oracle_cheapest_measured, (n, d, b) = (64, 4, 4)
// |j> -> -|j> where <q, K_j> >= tau; undone by measurement
qubit[6] index;
qubit[12] key;
qubit[36] slice;
qubit[18] product;
qubit[1] slot;
qubit[1] low;
qubit[1] high;
qubit[1] temp;
qubit[15] sum;
qubit[1] score;
bit[93] m;
ccx index[3], index[2], low[0];
ccx index[5], index[4], high[0];
ccx index[1], index[0], slot[0];
barrier index, key, slice, product, slot, low, high, temp;
x key[3];
x key[4];
x key[6];
x key[7];
x key[8];
x key[9];
x key[10];
x key[11];
x slice[0];
x slice[5];
x slice[8];
x slice[11];
x slice[12];
x slice[15];
x slice[16];
x slice[19];
x slice[24];
x slice[27];
x slice[30];
x slice[31];
x slice[33];
x slice[34];
x slice[35];
cx index[2], key[0];
cx index[2], key[1];
cx index[2], key[6];
cx index[2], slice[2];
cx index[2], slice[4];
cx index[2], slice[5];
cx index[2], slice[6];
cx index[2], slice[8];
cx index[2], slice[10];
cx index[2], slice[13];
cx index[2], slice[17];
cx index[2], slice[19];
cx index[2], slice[21];
cx index[2], slice[23];
cx index[2], slice[24];
cx index[2], slice[26];
cx index[2], slice[27];
cx index[2], slice[28];
cx index[2], slice[31];
cx index[2], slice[32];
cx index[2], slice[34];
cx index[2], slice[35];
cx index[3], key[1];
cx index[3], key[3];
cx index[3], key[4];
cx index[3], key[7];
cx index[3], slice[0];
cx index[3], slice[5];
cx index[3], slice[6];
cx index[3], slice[7];
cx index[3], slice[9];
cx index[3], slice[12];
cx index[3], slice[16];
cx index[3], slice[17];
cx index[3], slice[21];
cx index[3], slice[22];
cx index[3], slice[23];
cx index[3], slice[24];
cx index[3], slice[26];
cx index[3], slice[27];
cx index[3], slice[28];
cx index[3], slice[30];
cx index[3], slice[31];
cx index[3], slice[33];
cx index[3], slice[35];
cx low[0], key[0];
cx low[0], key[4];
cx low[0], key[6];
cx low[0], key[10];
cx low[0], key[11];
cx low[0], slice[2];
cx low[0], slice[3];
cx low[0], slice[6];
cx low[0], slice[7];
cx low[0], slice[8];
cx low[0], slice[10];
cx low[0], slice[11];
cx low[0], slice[13];
cx low[0], slice[14];
cx low[0], slice[15];
cx low[0], slice[17];
cx low[0], slice[18];
cx low[0], slice[19];
cx low[0], slice[20];
cx low[0], slice[21];
cx low[0], slice[22];
cx low[0], slice[23];
cx low[0], slice[24];
cx low[0], slice[25];
cx low[0], slice[27];
cx low[0], slice[29];
cx low[0], slice[30];
cx low[0], slice[31];
cx low[0], slice[33];
cx low[0], slice[34];
cx low[0], slice[35];
cx index[4], key[0];
cx index[4], key[1];
cx index[4], key[2];
cx index[4], key[3];
cx index[4], key[5];
cx index[4], key[10];
cx index[4], slice[0];
cx index[4], slice[1];
cx index[4], slice[4];
cx index[4], slice[5];
cx index[4], slice[7];
cx index[4], slice[11];
cx index[4], slice[12];
cx index[4], slice[13];
cx index[4], slice[16];
cx index[4], slice[18];
cx index[4], slice[19];
cx index[4], slice[21];
cx index[4], slice[23];
cx index[4], slice[24];
cx index[4], slice[26];
cx index[4], slice[31];
cx index[4], slice[35];
ccx index[4], index[2], temp[0];
cx temp[0], key[0];
cx temp[0], key[1];
cx temp[0], key[2];
cx temp[0], key[3];
cx temp[0], key[7];
cx temp[0], key[9];
cx temp[0], key[10];
cx temp[0], slice[1];
cx temp[0], slice[2];
cx temp[0], slice[3];
cx temp[0], slice[6];
cx temp[0], slice[8];
cx temp[0], slice[9];
cx temp[0], slice[10];
cx temp[0], slice[12];
cx temp[0], slice[13];
cx temp[0], slice[14];
cx temp[0], slice[16];
cx temp[0], slice[18];
cx temp[0], slice[19];
cx temp[0], slice[22];
cx temp[0], slice[27];
cx temp[0], slice[28];
cx temp[0], slice[29];
cx temp[0], slice[31];
cx temp[0], slice[33];
cx temp[0], slice[34];
h temp[0];
m[0] = measure temp[0];
if (m[0] == 1) {
  cz index[4], index[2];
  x temp[0];
}
ccx index[4], index[3], temp[0];
cx temp[0], key[0];
cx temp[0], key[1];
cx temp[0], key[4];
cx temp[0], key[6];
cx temp[0], key[11];
cx temp[0], slice[1];
cx temp[0], slice[2];
cx temp[0], slice[5];
cx temp[0], slice[7];
cx temp[0], slice[8];
cx temp[0], slice[9];
cx temp[0], slice[10];
cx temp[0], slice[11];
cx temp[0], slice[12];
cx temp[0], slice[13];
cx temp[0], slice[14];
cx temp[0], slice[22];
cx temp[0], slice[23];
cx temp[0], slice[26];
cx temp[0], slice[28];
cx temp[0], slice[30];
cx temp[0], slice[33];
cx temp[0], slice[35];
h temp[0];
m[1] = measure temp[0];
if (m[1] == 1) {
  cz index[4], index[3];
  x temp[0];
}
ccx index[4], low[0], temp[0];
cx temp[0], key[2];
cx temp[0], key[5];
cx temp[0], key[7];
cx temp[0], key[8];
cx temp[0], key[10];
cx temp[0], key[11];
cx temp[0], slice[0];
cx temp[0], slice[1];
cx temp[0], slice[2];
cx temp[0], slice[6];
cx temp[0], slice[8];
cx temp[0], slice[9];
cx temp[0], slice[12];
cx temp[0], slice[13];
cx temp[0], slice[17];
cx temp[0], slice[18];
cx temp[0], slice[19];
cx temp[0], slice[21];
cx temp[0], slice[23];
cx temp[0], slice[25];
cx temp[0], slice[26];
cx temp[0], slice[27];
cx temp[0], slice[28];
cx temp[0], slice[29];
cx temp[0], slice[32];
cx temp[0], slice[33];
cx temp[0], slice[34];
cx temp[0], slice[35];
h temp[0];
m[2] = measure temp[0];
if (m[2] == 1) {
  cz index[4], low[0];
  x temp[0];
}
cx index[5], key[0];
cx index[5], key[11];
cx index[5], slice[2];
cx index[5], slice[5];
cx index[5], slice[8];
cx index[5], slice[9];
cx index[5], slice[10];
cx index[5], slice[11];
cx index[5], slice[13];
cx index[5], slice[14];
cx index[5], slice[18];
cx index[5], slice[22];
cx index[5], slice[25];
cx index[5], slice[28];
cx index[5], slice[30];
cx index[5], slice[32];
cx index[5], slice[33];
cx index[5], slice[34];
cx index[5], slice[35];
ccx index[5], index[2], temp[0];
cx temp[0], key[0];
cx temp[0], key[1];
cx temp[0], key[2];
cx temp[0], key[3];
cx temp[0], key[6];
cx temp[0], key[7];
cx temp[0], key[10];
cx temp[0], key[11];
cx temp[0], slice[1];
cx temp[0], slice[3];
cx temp[0], slice[6];
cx temp[0], slice[7];
cx temp[0], slice[10];
cx temp[0], slice[13];
cx temp[0], slice[16];
cx temp[0], slice[19];
cx temp[0], slice[21];
cx temp[0], slice[23];
cx temp[0], slice[27];
cx temp[0], slice[28];
cx temp[0], slice[29];
cx temp[0], slice[30];
cx temp[0], slice[31];
h temp[0];
m[3] = measure temp[0];
if (m[3] == 1) {
  cz index[5], index[2];
  x temp[0];
}
ccx index[5], index[3], temp[0];
cx temp[0], key[2];
cx temp[0], key[3];
cx temp[0], key[4];
cx temp[0], key[5];
cx temp[0], slice[0];
cx temp[0], slice[1];
cx temp[0], slice[9];
cx temp[0], slice[10];
cx temp[0], slice[11];
cx temp[0], slice[12];
cx temp[0], slice[14];
cx temp[0], slice[15];
cx temp[0], slice[16];
cx temp[0], slice[20];
cx temp[0], slice[21];
cx temp[0], slice[22];
cx temp[0], slice[23];
cx temp[0], slice[26];
cx temp[0], slice[27];
cx temp[0], slice[28];
cx temp[0], slice[34];
cx temp[0], slice[35];
h temp[0];
m[4] = measure temp[0];
if (m[4] == 1) {
  cz index[5], index[3];
  x temp[0];
}
ccx index[5], low[0], temp[0];
cx temp[0], key[2];
cx temp[0], key[3];
cx temp[0], key[4];
cx temp[0], key[6];
cx temp[0], key[7];
cx temp[0], key[9];
cx temp[0], key[10];
cx temp[0], key[11];
cx temp[0], slice[0];
cx temp[0], slice[1];
cx temp[0], slice[3];
cx temp[0], slice[4];
cx temp[0], slice[9];
cx temp[0], slice[12];
cx temp[0], slice[13];
cx temp[0], slice[14];
cx temp[0], slice[17];
cx temp[0], slice[21];
cx temp[0], slice[24];
cx temp[0], slice[26];
cx temp[0], slice[30];
cx temp[0], slice[31];
cx temp[0], slice[34];
h temp[0];
m[5] = measure temp[0];
if (m[5] == 1) {
  cz index[5], low[0];
  x temp[0];
}
cx high[0], key[0];
cx high[0], key[2];
cx high[0], key[3];
cx high[0], key[4];
cx high[0], key[6];
cx high[0], key[7];
cx high[0], slice[1];
cx high[0], slice[2];
cx high[0], slice[3];
cx high[0], slice[4];
cx high[0], slice[10];
cx high[0], slice[13];
cx high[0], slice[14];
cx high[0], slice[15];
cx high[0], slice[17];
cx high[0], slice[18];
cx high[0], slice[19];
cx high[0], slice[20];
cx high[0], slice[21];
cx high[0], slice[22];
cx high[0], slice[23];
cx high[0], slice[24];
cx high[0], slice[29];
cx high[0], slice[32];
cx high[0], slice[33];
cx high[0], slice[34];
cx high[0], slice[35];
ccx high[0], index[2], temp[0];
cx temp[0], key[0];
cx temp[0], key[1];
cx temp[0], key[4];
cx temp[0], key[6];
cx temp[0], key[7];
cx temp[0], key[8];
cx temp[0], slice[0];
cx temp[0], slice[1];
cx temp[0], slice[3];
cx temp[0], slice[4];
cx temp[0], slice[7];
cx temp[0], slice[8];
cx temp[0], slice[10];
cx temp[0], slice[12];
cx temp[0], slice[13];
cx temp[0], slice[15];
cx temp[0], slice[16];
cx temp[0], slice[21];
cx temp[0], slice[22];
cx temp[0], slice[23];
cx temp[0], slice[27];
cx temp[0], slice[29];
cx temp[0], slice[34];
cx temp[0], slice[35];
h temp[0];
m[6] = measure temp[0];
if (m[6] == 1) {
  cz high[0], index[2];
  x temp[0];
}
ccx high[0], index[3], temp[0];
cx temp[0], key[2];
cx temp[0], key[5];
cx temp[0], key[6];
cx temp[0], key[7];
cx temp[0], key[8];
cx temp[0], key[9];
cx temp[0], key[11];
cx temp[0], slice[0];
cx temp[0], slice[2];
cx temp[0], slice[3];
cx temp[0], slice[5];
cx temp[0], slice[9];
cx temp[0], slice[10];
cx temp[0], slice[13];
cx temp[0], slice[15];
cx temp[0], slice[17];
cx temp[0], slice[18];
cx temp[0], slice[19];
cx temp[0], slice[22];
cx temp[0], slice[27];
cx temp[0], slice[30];
cx temp[0], slice[32];
cx temp[0], slice[33];
cx temp[0], slice[34];
cx temp[0], slice[35];
h temp[0];
m[7] = measure temp[0];
if (m[7] == 1) {
  cz high[0], index[3];
  x temp[0];
}
ccx high[0], low[0], temp[0];
cx temp[0], key[2];
cx temp[0], key[6];
cx temp[0], key[7];
cx temp[0], key[9];
cx temp[0], slice[0];
cx temp[0], slice[3];
cx temp[0], slice[4];
cx temp[0], slice[6];
cx temp[0], slice[7];
cx temp[0], slice[9];
cx temp[0], slice[10];
cx temp[0], slice[12];
cx temp[0], slice[18];
cx temp[0], slice[20];
cx temp[0], slice[21];
cx temp[0], slice[22];
cx temp[0], slice[24];
cx temp[0], slice[25];
cx temp[0], slice[26];
cx temp[0], slice[27];
cx temp[0], slice[31];
cx temp[0], slice[32];
cx temp[0], slice[33];
h temp[0];
m[8] = measure temp[0];
if (m[8] == 1) {
  cz high[0], low[0];
  x temp[0];
}
barrier index, key, slice, product, slot, low, high, temp;
cx index[0], slice[0];
cx index[1], slice[1];
ccx slice[0], slice[1], product[0];
cx product[0], key[0];
cx slot[0], key[0];
cx index[1], slice[2];
cx slot[0], slice[3];
ccx slice[2], slice[3], product[1];
cx product[1], key[1];
cx slot[0], key[1];
cx index[0], slice[4];
cx slot[0], slice[5];
ccx slice[4], slice[5], product[2];
cx product[2], key[0];
cx slot[0], key[0];
cx product[2], key[1];
cx slot[0], key[1];
cx index[0], slice[6];
cx index[1], slice[7];
ccx slice[6], slice[7], product[3];
cx product[3], key[2];
cx slot[0], key[2];
cx index[1], slice[8];
cx slot[0], slice[9];
ccx slice[8], slice[9], product[4];
cx product[4], key[3];
cx slot[0], key[3];
cx index[0], slice[10];
cx slot[0], slice[11];
ccx slice[10], slice[11], product[5];
cx product[5], key[2];
cx slot[0], key[2];
cx product[5], key[3];
cx slot[0], key[3];
cx index[0], slice[12];
cx index[1], slice[13];
ccx slice[12], slice[13], product[6];
cx product[6], key[4];
cx slot[0], key[4];
cx index[1], slice[14];
cx slot[0], slice[15];
ccx slice[14], slice[15], product[7];
cx product[7], key[5];
cx slot[0], key[5];
cx index[0], slice[16];
cx slot[0], slice[17];
ccx slice[16], slice[17], product[8];
cx product[8], key[4];
cx slot[0], key[4];
cx product[8], key[5];
cx slot[0], key[5];
cx index[0], slice[18];
cx index[1], slice[19];
ccx slice[18], slice[19], product[9];
cx product[9], key[6];
cx slot[0], key[6];
cx index[1], slice[20];
cx slot[0], slice[21];
ccx slice[20], slice[21], product[10];
cx product[10], key[7];
cx slot[0], key[7];
cx index[0], slice[22];
cx slot[0], slice[23];
ccx slice[22], slice[23], product[11];
cx product[11], key[6];
cx slot[0], key[6];
cx product[11], key[7];
cx slot[0], key[7];
cx index[0], slice[24];
cx index[1], slice[25];
ccx slice[24], slice[25], product[12];
cx product[12], key[8];
cx slot[0], key[8];
cx index[1], slice[26];
cx slot[0], slice[27];
ccx slice[26], slice[27], product[13];
cx product[13], key[9];
cx slot[0], key[9];
cx index[0], slice[28];
cx slot[0], slice[29];
ccx slice[28], slice[29], product[14];
cx product[14], key[8];
cx slot[0], key[8];
cx product[14], key[9];
cx slot[0], key[9];
cx index[0], slice[30];
cx index[1], slice[31];
ccx slice[30], slice[31], product[15];
cx product[15], key[10];
cx slot[0], key[10];
cx index[1], slice[32];
cx slot[0], slice[33];
ccx slice[32], slice[33], product[16];
cx product[16], key[11];
cx slot[0], key[11];
cx index[0], slice[34];
cx slot[0], slice[35];
ccx slice[34], slice[35], product[17];
cx product[17], key[10];
cx slot[0], key[10];
cx product[17], key[11];
cx slot[0], key[11];
barrier index, key, slice, product, slot, low, high, temp, sum, score;
x key[8];
ccx key[0], key[8], sum[0];
x key[8];
cx key[8], key[0];
cx sum[0], key[1];
cx sum[0], key[9];
x key[9];
ccx key[1], key[9], sum[1];
x key[9];
cx sum[0], sum[1];
cx sum[0], key[9];
cx key[9], key[1];
cx sum[1], key[2];
cx sum[1], key[10];
x key[10];
ccx key[2], key[10], sum[2];
x key[10];
cx sum[1], sum[2];
cx sum[1], key[10];
cx key[10], key[2];
cx sum[2], key[3];
cx sum[2], key[11];
x key[11];
ccx key[3], key[11], sum[3];
x key[11];
cx sum[2], sum[3];
cx sum[2], key[11];
cx key[11], key[3];
x key[4];
x key[0];
ccx key[4], key[0], sum[4];
x key[4];
x key[0];
cx sum[4], key[5];
cx sum[4], key[1];
x key[5];
x key[1];
ccx key[5], key[1], sum[5];
x key[5];
x key[1];
cx sum[4], sum[5];
cx sum[4], key[1];
cx key[2], key[6];
cx key[2], key[0];
ccx key[6], key[0], sum[6];
cx key[2], sum[6];
cx key[2], key[0];
cx key[0], key[6];
x key[6];
ccx sum[5], key[6], sum[7];
x key[6];
cx key[3], key[7];
cx key[3], key[1];
ccx key[7], key[1], sum[8];
cx key[3], sum[8];
cx key[3], key[1];
cx key[1], key[7];
cx key[7], sum[6];
cx key[7], sum[7];
x sum[7];
ccx sum[6], sum[7], sum[9];
x sum[7];
cx key[7], sum[9];
cx key[7], sum[7];
cx sum[7], sum[6];
cx sum[3], key[2];
cx sum[3], sum[6];
x key[2];
ccx key[2], sum[6], sum[10];
x key[2];
cx sum[3], sum[10];
cx sum[3], sum[6];
cx sum[6], key[2];
cx key[2], sum[8];
cx key[2], sum[9];
ccx sum[8], sum[9], sum[11];
cx key[2], sum[11];
cx sum[11], key[3];
cx sum[11], sum[10];
x sum[10];
ccx key[3], sum[10], sum[12];
x sum[10];
cx sum[11], sum[12];
cx sum[11], sum[10];
cx sum[10], key[3];
cx sum[12], sum[3];
cx sum[12], key[3];
x sum[3];
x key[3];
ccx sum[3], key[3], sum[13];
x sum[3];
x key[3];
cx sum[12], sum[13];
cx sum[12], key[3];
cx key[3], sum[3];
ccx sum[3], sum[13], sum[14];
cx sum[14], score[0];
z score[0];
cx sum[14], score[0];
h sum[14];
m[9] = measure sum[14];
if (m[9] == 1) {
  cz sum[3], sum[13];
  x sum[14];
}
cx key[3], sum[3];
cx sum[12], key[3];
cx sum[12], sum[13];
x key[3];
x sum[3];
h sum[13];
m[10] = measure sum[13];
if (m[10] == 1) {
  cz sum[3], key[3];
  x sum[13];
}
x key[3];
x sum[3];
cx sum[12], key[3];
cx sum[12], sum[3];
cx sum[10], key[3];
cx sum[11], sum[10];
cx sum[11], sum[12];
x sum[10];
h sum[12];
m[11] = measure sum[12];
if (m[11] == 1) {
  cz key[3], sum[10];
  x sum[12];
}
x sum[10];
cx sum[11], sum[10];
cx sum[11], key[3];
cx key[2], sum[11];
h sum[11];
m[12] = measure sum[11];
if (m[12] == 1) {
  cz sum[8], sum[9];
  x sum[11];
}
cx key[2], sum[9];
cx key[2], sum[8];
cx sum[6], key[2];
cx sum[3], sum[6];
cx sum[3], sum[10];
x key[2];
h sum[10];
m[13] = measure sum[10];
if (m[13] == 1) {
  cz key[2], sum[6];
  x sum[10];
}
x key[2];
cx sum[3], sum[6];
cx sum[3], key[2];
cx sum[7], sum[6];
cx key[7], sum[7];
cx key[7], sum[9];
x sum[7];
h sum[9];
m[14] = measure sum[9];
if (m[14] == 1) {
  cz sum[6], sum[7];
  x sum[9];
}
x sum[7];
cx key[7], sum[7];
cx key[7], sum[6];
cx key[1], key[7];
cx key[3], key[1];
cx key[3], sum[8];
h sum[8];
m[15] = measure sum[8];
if (m[15] == 1) {
  cz key[7], key[1];
  x sum[8];
}
cx key[3], key[1];
cx key[3], key[7];
x key[6];
h sum[7];
m[16] = measure sum[7];
if (m[16] == 1) {
  cz sum[5], key[6];
  x sum[7];
}
x key[6];
cx key[0], key[6];
cx key[2], key[0];
cx key[2], sum[6];
h sum[6];
m[17] = measure sum[6];
if (m[17] == 1) {
  cz key[6], key[0];
  x sum[6];
}
cx key[2], key[0];
cx key[2], key[6];
cx sum[4], key[1];
cx sum[4], sum[5];
x key[1];
x key[5];
h sum[5];
m[18] = measure sum[5];
if (m[18] == 1) {
  cz key[5], key[1];
  x sum[5];
}
x key[1];
x key[5];
cx sum[4], key[1];
cx sum[4], key[5];
x key[0];
x key[4];
h sum[4];
m[19] = measure sum[4];
if (m[19] == 1) {
  cz key[4], key[0];
  x sum[4];
}
x key[0];
x key[4];
cx key[11], key[3];
cx sum[2], key[11];
cx sum[2], sum[3];
x key[11];
h sum[3];
m[20] = measure sum[3];
if (m[20] == 1) {
  cz key[3], key[11];
  x sum[3];
}
x key[11];
cx sum[2], key[11];
cx sum[2], key[3];
cx key[10], key[2];
cx sum[1], key[10];
cx sum[1], sum[2];
x key[10];
h sum[2];
m[21] = measure sum[2];
if (m[21] == 1) {
  cz key[2], key[10];
  x sum[2];
}
x key[10];
cx sum[1], key[10];
cx sum[1], key[2];
cx key[9], key[1];
cx sum[0], key[9];
cx sum[0], sum[1];
x key[9];
h sum[1];
m[22] = measure sum[1];
if (m[22] == 1) {
  cz key[1], key[9];
  x sum[1];
}
x key[9];
cx sum[0], key[9];
cx sum[0], key[1];
cx key[8], key[0];
x key[8];
h sum[0];
m[23] = measure sum[0];
if (m[23] == 1) {
  cz key[0], key[8];
  x sum[0];
}
x key[8];
barrier index, key, slice, product, slot, low, high, temp, sum, score;
cx slot[0], key[11];
cx product[17], key[11];
cx slot[0], key[10];
cx product[17], key[10];
h product[17];
m[24] = measure product[17];
if (m[24] == 1) {
  cz slice[34], slice[35];
  x product[17];
}
cx slot[0], slice[35];
cx index[0], slice[34];
cx slot[0], key[11];
cx product[16], key[11];
h product[16];
m[25] = measure product[16];
if (m[25] == 1) {
  cz slice[32], slice[33];
  x product[16];
}
cx slot[0], slice[33];
cx index[1], slice[32];
cx slot[0], key[10];
cx product[15], key[10];
h product[15];
m[26] = measure product[15];
if (m[26] == 1) {
  cz slice[30], slice[31];
  x product[15];
}
cx index[1], slice[31];
cx index[0], slice[30];
cx slot[0], key[9];
cx product[14], key[9];
cx slot[0], key[8];
cx product[14], key[8];
h product[14];
m[27] = measure product[14];
if (m[27] == 1) {
  cz slice[28], slice[29];
  x product[14];
}
cx slot[0], slice[29];
cx index[0], slice[28];
cx slot[0], key[9];
cx product[13], key[9];
h product[13];
m[28] = measure product[13];
if (m[28] == 1) {
  cz slice[26], slice[27];
  x product[13];
}
cx slot[0], slice[27];
cx index[1], slice[26];
cx slot[0], key[8];
cx product[12], key[8];
h product[12];
m[29] = measure product[12];
if (m[29] == 1) {
  cz slice[24], slice[25];
  x product[12];
}
cx index[1], slice[25];
cx index[0], slice[24];
cx slot[0], key[7];
cx product[11], key[7];
cx slot[0], key[6];
cx product[11], key[6];
h product[11];
m[30] = measure product[11];
if (m[30] == 1) {
  cz slice[22], slice[23];
  x product[11];
}
cx slot[0], slice[23];
cx index[0], slice[22];
cx slot[0], key[7];
cx product[10], key[7];
h product[10];
m[31] = measure product[10];
if (m[31] == 1) {
  cz slice[20], slice[21];
  x product[10];
}
cx slot[0], slice[21];
cx index[1], slice[20];
cx slot[0], key[6];
cx product[9], key[6];
h product[9];
m[32] = measure product[9];
if (m[32] == 1) {
  cz slice[18], slice[19];
  x product[9];
}
cx index[1], slice[19];
cx index[0], slice[18];
cx slot[0], key[5];
cx product[8], key[5];
cx slot[0], key[4];
cx product[8], key[4];
h product[8];
m[33] = measure product[8];
if (m[33] == 1) {
  cz slice[16], slice[17];
  x product[8];
}
cx slot[0], slice[17];
cx index[0], slice[16];
cx slot[0], key[5];
cx product[7], key[5];
h product[7];
m[34] = measure product[7];
if (m[34] == 1) {
  cz slice[14], slice[15];
  x product[7];
}
cx slot[0], slice[15];
cx index[1], slice[14];
cx slot[0], key[4];
cx product[6], key[4];
h product[6];
m[35] = measure product[6];
if (m[35] == 1) {
  cz slice[12], slice[13];
  x product[6];
}
cx index[1], slice[13];
cx index[0], slice[12];
cx slot[0], key[3];
cx product[5], key[3];
cx slot[0], key[2];
cx product[5], key[2];
h product[5];
m[36] = measure product[5];
if (m[36] == 1) {
  cz slice[10], slice[11];
  x product[5];
}
cx slot[0], slice[11];
cx index[0], slice[10];
cx slot[0], key[3];
cx product[4], key[3];
h product[4];
m[37] = measure product[4];
if (m[37] == 1) {
  cz slice[8], slice[9];
  x product[4];
}
cx slot[0], slice[9];
cx index[1], slice[8];
cx slot[0], key[2];
cx product[3], key[2];
h product[3];
m[38] = measure product[3];
if (m[38] == 1) {
  cz slice[6], slice[7];
  x product[3];
}
cx index[1], slice[7];
cx index[0], slice[6];
cx slot[0], key[1];
cx product[2], key[1];
cx slot[0], key[0];
cx product[2], key[0];
h product[2];
m[39] = measure product[2];
if (m[39] == 1) {
  cz slice[4], slice[5];
  x product[2];
}
cx slot[0], slice[5];
cx index[0], slice[4];
cx slot[0], key[1];
cx product[1], key[1];
h product[1];
m[40] = measure product[1];
if (m[40] == 1) {
  cz slice[2], slice[3];
  x product[1];
}
cx slot[0], slice[3];
cx index[1], slice[2];
cx slot[0], key[0];
cx product[0], key[0];
h product[0];
m[41] = measure product[0];
if (m[41] == 1) {
  cz slice[0], slice[1];
  x product[0];
}
cx index[1], slice[1];
cx index[0], slice[0];
barrier index, key, slice, product, slot, low, high, temp;
h key[0];
m[42] = measure key[0];
if (m[42] == 1) {
  z index[2];
  z low[0];
  z index[4];
  cz index[2], index[4];
  cz index[3], index[4];
  z index[5];
  cz index[2], index[5];
  z high[0];
  cz index[2], high[0];
  x key[0];
}
h key[1];
m[43] = measure key[1];
if (m[43] == 1) {
  z index[2];
  z index[3];
  z index[4];
  cz index[2], index[4];
  cz index[3], index[4];
  cz index[2], index[5];
  cz index[2], high[0];
  x key[1];
}
h key[2];
m[44] = measure key[2];
if (m[44] == 1) {
  z index[4];
  cz index[2], index[4];
  cz low[0], index[4];
  cz index[2], index[5];
  cz index[3], index[5];
  cz low[0], index[5];
  z high[0];
  cz index[3], high[0];
  cz low[0], high[0];
  x key[2];
}
h key[3];
m[45] = measure key[3];
if (m[45] == 1) {
  z key[3];
  z index[3];
  z index[4];
  cz index[2], index[4];
  cz index[2], index[5];
  cz index[3], index[5];
  cz low[0], index[5];
  z high[0];
  x key[3];
}
h key[4];
m[46] = measure key[4];
if (m[46] == 1) {
  z key[4];
  z index[3];
  z low[0];
  cz index[3], index[4];
  cz index[3], index[5];
  cz low[0], index[5];
  z high[0];
  cz index[2], high[0];
  x key[4];
}
h key[5];
m[47] = measure key[5];
if (m[47] == 1) {
  z index[4];
  cz low[0], index[4];
  cz index[3], index[5];
  cz index[3], high[0];
  x key[5];
}
h key[6];
m[48] = measure key[6];
if (m[48] == 1) {
  z key[6];
  z index[2];
  z low[0];
  cz index[3], index[4];
  cz index[2], index[5];
  cz low[0], index[5];
  z high[0];
  cz index[2], high[0];
  cz index[3], high[0];
  cz low[0], high[0];
  x key[6];
}
h key[7];
m[49] = measure key[7];
if (m[49] == 1) {
  z key[7];
  z index[3];
  cz index[2], index[4];
  cz low[0], index[4];
  cz index[2], index[5];
  cz low[0], index[5];
  z high[0];
  cz index[2], high[0];
  cz index[3], high[0];
  cz low[0], high[0];
  x key[7];
}
h key[8];
m[50] = measure key[8];
if (m[50] == 1) {
  z key[8];
  cz low[0], index[4];
  cz index[2], high[0];
  cz index[3], high[0];
  x key[8];
}
h key[9];
m[51] = measure key[9];
if (m[51] == 1) {
  z key[9];
  cz index[2], index[4];
  cz low[0], index[5];
  cz index[3], high[0];
  cz low[0], high[0];
  x key[9];
}
h key[10];
m[52] = measure key[10];
if (m[52] == 1) {
  z key[10];
  z low[0];
  z index[4];
  cz index[2], index[4];
  cz low[0], index[4];
  cz index[2], index[5];
  cz low[0], index[5];
  x key[10];
}
h key[11];
m[53] = measure key[11];
if (m[53] == 1) {
  z key[11];
  z low[0];
  cz index[3], index[4];
  cz low[0], index[4];
  z index[5];
  cz index[2], index[5];
  cz low[0], index[5];
  cz index[3], high[0];
  x key[11];
}
h slice[0];
m[54] = measure slice[0];
if (m[54] == 1) {
  z slice[0];
  z index[3];
  z index[4];
  cz low[0], index[4];
  cz index[3], index[5];
  cz low[0], index[5];
  cz index[2], high[0];
  cz index[3], high[0];
  cz low[0], high[0];
  x slice[0];
}
h slice[1];
m[55] = measure slice[1];
if (m[55] == 1) {
  z index[4];
  cz index[2], index[4];
  cz index[3], index[4];
  cz low[0], index[4];
  cz index[2], index[5];
  cz index[3], index[5];
  cz low[0], index[5];
  z high[0];
  cz index[2], high[0];
  x slice[1];
}
h slice[2];
m[56] = measure slice[2];
if (m[56] == 1) {
  z index[2];
  z low[0];
  cz index[2], index[4];
  cz index[3], index[4];
  cz low[0], index[4];
  z index[5];
  z high[0];
  cz index[3], high[0];
  x slice[2];
}
h slice[3];
m[57] = measure slice[3];
if (m[57] == 1) {
  z low[0];
  cz index[2], index[4];
  cz index[2], index[5];
  cz low[0], index[5];
  z high[0];
  cz index[2], high[0];
  cz index[3], high[0];
  cz low[0], high[0];
  x slice[3];
}
h slice[4];
m[58] = measure slice[4];
if (m[58] == 1) {
  z index[2];
  z index[4];
  cz low[0], index[5];
  z high[0];
  cz index[2], high[0];
  cz low[0], high[0];
  x slice[4];
}
h slice[5];
m[59] = measure slice[5];
if (m[59] == 1) {
  z slice[5];
  z index[2];
  z index[3];
  z index[4];
  cz index[3], index[4];
  z index[5];
  cz index[3], high[0];
  x slice[5];
}
h slice[6];
m[60] = measure slice[6];
if (m[60] == 1) {
  z index[2];
  z index[3];
  z low[0];
  cz index[2], index[4];
  cz low[0], index[4];
  cz index[2], index[5];
  cz low[0], high[0];
  x slice[6];
}
h slice[7];
m[61] = measure slice[7];
if (m[61] == 1) {
  z index[3];
  z low[0];
  z index[4];
  cz index[3], index[4];
  cz index[2], index[5];
  cz index[2], high[0];
  cz low[0], high[0];
  x slice[7];
}
h slice[8];
m[62] = measure slice[8];
if (m[62] == 1) {
  z slice[8];
  z index[2];
  z low[0];
  cz index[2], index[4];
  cz index[3], index[4];
  cz low[0], index[4];
  z index[5];
  cz index[2], high[0];
  x slice[8];
}
h slice[9];
m[63] = measure slice[9];
if (m[63] == 1) {
  z index[3];
  cz index[2], index[4];
  cz index[3], index[4];
  cz low[0], index[4];
  z index[5];
  cz index[3], index[5];
  cz low[0], index[5];
  cz index[3], high[0];
  cz low[0], high[0];
  x slice[9];
}
h slice[10];
m[64] = measure slice[10];
if (m[64] == 1) {
  z index[2];
  z low[0];
  cz index[2], index[4];
  cz index[3], index[4];
  z index[5];
  cz index[2], index[5];
  cz index[3], index[5];
  z high[0];
  cz index[2], high[0];
  cz index[3], high[0];
  cz low[0], high[0];
  x slice[10];
}
h slice[11];
m[65] = measure slice[11];
if (m[65] == 1) {
  z slice[11];
  z low[0];
  z index[4];
  cz index[3], index[4];
  z index[5];
  cz index[3], index[5];
  x slice[11];
}
h slice[12];
m[66] = measure slice[12];
if (m[66] == 1) {
  z slice[12];
  z index[3];
  z index[4];
  cz index[2], index[4];
  cz index[3], index[4];
  cz low[0], index[4];
  cz index[3], index[5];
  cz low[0], index[5];
  cz index[2], high[0];
  cz low[0], high[0];
  x slice[12];
}
h slice[13];
m[67] = measure slice[13];
if (m[67] == 1) {
  z index[2];
  z low[0];
  z index[4];
  cz index[2], index[4];
  cz index[3], index[4];
  cz low[0], index[4];
  z index[5];
  cz index[2], index[5];
  cz low[0], index[5];
  z high[0];
  cz index[2], high[0];
  cz index[3], high[0];
  x slice[13];
}
h slice[14];
m[68] = measure slice[14];
if (m[68] == 1) {
  z low[0];
  cz index[2], index[4];
  cz index[3], index[4];
  z index[5];
  cz index[3], index[5];
  cz low[0], index[5];
  z high[0];
  x slice[14];
}
h slice[15];
m[69] = measure slice[15];
if (m[69] == 1) {
  z slice[15];
  z low[0];
  cz index[3], index[5];
  z high[0];
  cz index[2], high[0];
  cz index[3], high[0];
  x slice[15];
}
h slice[16];
m[70] = measure slice[16];
if (m[70] == 1) {
  z slice[16];
  z index[3];
  z index[4];
  cz index[2], index[4];
  cz index[2], index[5];
  cz index[3], index[5];
  cz index[2], high[0];
  x slice[16];
}
h slice[17];
m[71] = measure slice[17];
if (m[71] == 1) {
  z index[2];
  z index[3];
  z low[0];
  cz low[0], index[4];
  cz low[0], index[5];
  z high[0];
  cz index[3], high[0];
  x slice[17];
}
h slice[18];
m[72] = measure slice[18];
if (m[72] == 1) {
  z low[0];
  z index[4];
  cz index[2], index[4];
  cz low[0], index[4];
  z index[5];
  z high[0];
  cz index[3], high[0];
  cz low[0], high[0];
  x slice[18];
}
h slice[19];
m[73] = measure slice[19];
if (m[73] == 1) {
  z slice[19];
  z index[2];
  z low[0];
  z index[4];
  cz index[2], index[4];
  cz low[0], index[4];
  cz index[2], index[5];
  z high[0];
  cz index[3], high[0];
  x slice[19];
}
h slice[20];
m[74] = measure slice[20];
if (m[74] == 1) {
  z low[0];
  cz index[3], index[5];
  z high[0];
  cz low[0], high[0];
  x slice[20];
}
h slice[21];
m[75] = measure slice[21];
if (m[75] == 1) {
  z index[2];
  z index[3];
  z low[0];
  z index[4];
  cz low[0], index[4];
  cz index[2], index[5];
  cz index[3], index[5];
  cz low[0], index[5];
  z high[0];
  cz index[2], high[0];
  cz low[0], high[0];
  x slice[21];
}
h slice[22];
m[76] = measure slice[22];
if (m[76] == 1) {
  z index[3];
  z low[0];
  cz index[2], index[4];
  cz index[3], index[4];
  z index[5];
  cz index[3], index[5];
  z high[0];
  cz index[2], high[0];
  cz index[3], high[0];
  cz low[0], high[0];
  x slice[22];
}
h slice[23];
m[77] = measure slice[23];
if (m[77] == 1) {
  z index[2];
  z index[3];
  z low[0];
  z index[4];
  cz index[3], index[4];
  cz low[0], index[4];
  cz index[2], index[5];
  cz index[3], index[5];
  z high[0];
  cz index[2], high[0];
  x slice[23];
}
h slice[24];
m[78] = measure slice[24];
if (m[78] == 1) {
  z slice[24];
  z index[2];
  z index[3];
  z low[0];
  z index[4];
  cz low[0], index[5];
  z high[0];
  cz low[0], high[0];
  x slice[24];
}
h slice[25];
m[79] = measure slice[25];
if (m[79] == 1) {
  z low[0];
  cz low[0], index[4];
  z index[5];
  cz low[0], high[0];
  x slice[25];
}
h slice[26];
m[80] = measure slice[26];
if (m[80] == 1) {
  z index[2];
  z index[3];
  z index[4];
  cz index[3], index[4];
  cz low[0], index[4];
  cz index[3], index[5];
  cz low[0], index[5];
  cz low[0], high[0];
  x slice[26];
}
h slice[27];
m[81] = measure slice[27];
if (m[81] == 1) {
  z slice[27];
  z index[2];
  z index[3];
  z low[0];
  cz index[2], index[4];
  cz low[0], index[4];
  cz index[2], index[5];
  cz index[3], index[5];
  cz index[2], high[0];
  cz index[3], high[0];
  cz low[0], high[0];
  x slice[27];
}
h slice[28];
m[82] = measure slice[28];
if (m[82] == 1) {
  z index[2];
  z index[3];
  cz index[2], index[4];
  cz index[3], index[4];
  cz low[0], index[4];
  z index[5];
  cz index[2], index[5];
  cz index[3], index[5];
  x slice[28];
}
h slice[29];
m[83] = measure slice[29];
if (m[83] == 1) {
  z low[0];
  cz index[2], index[4];
  cz low[0], index[4];
  cz index[2], index[5];
  z high[0];
  cz index[2], high[0];
  x slice[29];
}
h slice[30];
m[84] = measure slice[30];
if (m[84] == 1) {
  z slice[30];
  z index[3];
  z low[0];
  cz index[3], index[4];
  z index[5];
  cz index[2], index[5];
  cz low[0], index[5];
  cz index[3], high[0];
  x slice[30];
}
h slice[31];
m[85] = measure slice[31];
if (m[85] == 1) {
  z slice[31];
  z index[2];
  z index[3];
  z low[0];
  z index[4];
  cz index[2], index[4];
  cz index[2], index[5];
  cz low[0], index[5];
  cz low[0], high[0];
  x slice[31];
}
h slice[32];
m[86] = measure slice[32];
if (m[86] == 1) {
  z index[2];
  cz low[0], index[4];
  z index[5];
  z high[0];
  cz index[3], high[0];
  cz low[0], high[0];
  x slice[32];
}
h slice[33];
m[87] = measure slice[33];
if (m[87] == 1) {
  z slice[33];
  z index[3];
  z low[0];
  cz index[2], index[4];
  cz index[3], index[4];
  cz low[0], index[4];
  z index[5];
  z high[0];
  cz index[3], high[0];
  cz low[0], high[0];
  x slice[33];
}
h slice[34];
m[88] = measure slice[34];
if (m[88] == 1) {
  z slice[34];
  z index[2];
  z low[0];
  cz index[2], index[4];
  cz low[0], index[4];
  z index[5];
  cz index[3], index[5];
  cz low[0], index[5];
  z high[0];
  cz index[2], high[0];
  cz index[3], high[0];
  x slice[34];
}
h slice[35];
m[89] = measure slice[35];
if (m[89] == 1) {
  z slice[35];
  z index[2];
  z index[3];
  z low[0];
  z index[4];
  cz index[3], index[4];
  cz low[0], index[4];
  z index[5];
  cz index[3], index[5];
  z high[0];
  cz index[2], high[0];
  cz index[3], high[0];
  x slice[35];
}
barrier index, key, slice, product, slot, low, high, temp;
h slot[0];
m[90] = measure slot[0];
if (m[90] == 1) {
  cz index[1], index[0];
  x slot[0];
}
h high[0];
m[91] = measure high[0];
if (m[91] == 1) {
  cz index[5], index[4];
  x high[0];
}
h low[0];
m[92] = measure low[0];
if (m[92] == 1) {
  cz index[3], index[2];
  x low[0];
}
