OPENQASM 3.0;
include "stdgates.inc";
// lookup_select_swap_measured, (n, d, b) = (64, 4, 4)
// |j>|x> -> |j>|x xor K_j>, components in offset binary; undone by measurement
qubit[6] index;
qubit[16] word;
qubit[16] held;
qubit[48] slice;
qubit[24] product;
qubit[1] slot;
qubit[1] low;
qubit[1] high;
qubit[1] temp;
bit[100] m;
ccx index[3], index[2], low[0];
ccx index[5], index[4], high[0];
ccx index[1], index[0], slot[0];
barrier index, held, slice, product, slot, low, high, temp;
x held[0];
x held[1];
x held[3];
x held[7];
x held[8];
x held[10];
x held[11];
x held[12];
x held[13];
x held[14];
x held[15];
x slice[1];
x slice[4];
x slice[5];
x slice[6];
x slice[11];
x slice[12];
x slice[17];
x slice[20];
x slice[23];
x slice[24];
x slice[27];
x slice[28];
x slice[31];
x slice[36];
x slice[39];
x slice[42];
x slice[43];
x slice[45];
x slice[46];
x slice[47];
cx index[2], held[4];
cx index[2], held[5];
cx index[2], held[10];
cx index[2], slice[0];
cx index[2], slice[2];
cx index[2], slice[3];
cx index[2], slice[4];
cx index[2], slice[5];
cx index[2], slice[6];
cx index[2], slice[7];
cx index[2], slice[8];
cx index[2], slice[9];
cx index[2], slice[11];
cx index[2], slice[14];
cx index[2], slice[16];
cx index[2], slice[17];
cx index[2], slice[18];
cx index[2], slice[20];
cx index[2], slice[22];
cx index[2], slice[25];
cx index[2], slice[29];
cx index[2], slice[31];
cx index[2], slice[33];
cx index[2], slice[35];
cx index[2], slice[36];
cx index[2], slice[38];
cx index[2], slice[39];
cx index[2], slice[40];
cx index[2], slice[43];
cx index[2], slice[44];
cx index[2], slice[46];
cx index[2], slice[47];
cx index[3], held[0];
cx index[3], held[1];
cx index[3], held[2];
cx index[3], held[3];
cx index[3], held[5];
cx index[3], held[7];
cx index[3], held[8];
cx index[3], held[11];
cx index[3], slice[0];
cx index[3], slice[3];
cx index[3], slice[4];
cx index[3], slice[8];
cx index[3], slice[9];
cx index[3], slice[12];
cx index[3], slice[17];
cx index[3], slice[18];
cx index[3], slice[19];
cx index[3], slice[21];
cx index[3], slice[24];
cx index[3], slice[28];
cx index[3], slice[29];
cx index[3], slice[33];
cx index[3], slice[34];
cx index[3], slice[35];
cx index[3], slice[36];
cx index[3], slice[38];
cx index[3], slice[39];
cx index[3], slice[40];
cx index[3], slice[42];
cx index[3], slice[43];
cx index[3], slice[45];
cx index[3], slice[47];
cx low[0], held[3];
cx low[0], held[4];
cx low[0], held[8];
cx low[0], held[10];
cx low[0], held[14];
cx low[0], held[15];
cx low[0], slice[0];
cx low[0], slice[1];
cx low[0], slice[3];
cx low[0], slice[4];
cx low[0], slice[6];
cx low[0], slice[7];
cx low[0], slice[8];
cx low[0], slice[9];
cx low[0], slice[10];
cx low[0], slice[14];
cx low[0], slice[15];
cx low[0], slice[18];
cx low[0], slice[19];
cx low[0], slice[20];
cx low[0], slice[22];
cx low[0], slice[23];
cx low[0], slice[25];
cx low[0], slice[26];
cx low[0], slice[27];
cx low[0], slice[29];
cx low[0], slice[30];
cx low[0], slice[31];
cx low[0], slice[32];
cx low[0], slice[33];
cx low[0], slice[34];
cx low[0], slice[35];
cx low[0], slice[36];
cx low[0], slice[37];
cx low[0], slice[39];
cx low[0], slice[41];
cx low[0], slice[42];
cx low[0], slice[43];
cx low[0], slice[45];
cx low[0], slice[46];
cx low[0], slice[47];
cx index[4], held[4];
cx index[4], held[5];
cx index[4], held[6];
cx index[4], held[7];
cx index[4], held[9];
cx index[4], held[14];
cx index[4], slice[2];
cx index[4], slice[3];
cx index[4], slice[6];
cx index[4], slice[8];
cx index[4], slice[10];
cx index[4], slice[12];
cx index[4], slice[13];
cx index[4], slice[16];
cx index[4], slice[17];
cx index[4], slice[19];
cx index[4], slice[23];
cx index[4], slice[24];
cx index[4], slice[25];
cx index[4], slice[28];
cx index[4], slice[30];
cx index[4], slice[31];
cx index[4], slice[33];
cx index[4], slice[35];
cx index[4], slice[36];
cx index[4], slice[38];
cx index[4], slice[43];
cx index[4], slice[47];
ccx index[4], index[2], temp[0];
cx temp[0], held[0];
cx temp[0], held[1];
cx temp[0], held[3];
cx temp[0], held[4];
cx temp[0], held[5];
cx temp[0], held[6];
cx temp[0], held[7];
cx temp[0], held[11];
cx temp[0], held[13];
cx temp[0], held[14];
cx temp[0], slice[2];
cx temp[0], slice[4];
cx temp[0], slice[5];
cx temp[0], slice[6];
cx temp[0], slice[7];
cx temp[0], slice[8];
cx temp[0], slice[9];
cx temp[0], slice[11];
cx temp[0], slice[13];
cx temp[0], slice[14];
cx temp[0], slice[15];
cx temp[0], slice[18];
cx temp[0], slice[20];
cx temp[0], slice[21];
cx temp[0], slice[22];
cx temp[0], slice[24];
cx temp[0], slice[25];
cx temp[0], slice[26];
cx temp[0], slice[28];
cx temp[0], slice[30];
cx temp[0], slice[31];
cx temp[0], slice[34];
cx temp[0], slice[39];
cx temp[0], slice[40];
cx temp[0], slice[41];
cx temp[0], slice[43];
cx temp[0], slice[45];
cx temp[0], slice[46];
h temp[0];
m[0] = measure temp[0];
if (m[0] == 1) {
  cz index[4], index[2];
  x temp[0];
}
ccx index[4], index[3], temp[0];
cx temp[0], held[0];
cx temp[0], held[3];
cx temp[0], held[4];
cx temp[0], held[5];
cx temp[0], held[8];
cx temp[0], held[10];
cx temp[0], held[15];
cx temp[0], slice[1];
cx temp[0], slice[2];
cx temp[0], slice[6];
cx temp[0], slice[8];
cx temp[0], slice[11];
cx temp[0], slice[13];
cx temp[0], slice[14];
cx temp[0], slice[17];
cx temp[0], slice[19];
cx temp[0], slice[20];
cx temp[0], slice[21];
cx temp[0], slice[22];
cx temp[0], slice[23];
cx temp[0], slice[24];
cx temp[0], slice[25];
cx temp[0], slice[26];
cx temp[0], slice[34];
cx temp[0], slice[35];
cx temp[0], slice[38];
cx temp[0], slice[40];
cx temp[0], slice[42];
cx temp[0], slice[45];
cx temp[0], slice[47];
h temp[0];
m[1] = measure temp[0];
if (m[1] == 1) {
  cz index[4], index[3];
  x temp[0];
}
ccx index[4], low[0], temp[0];
cx temp[0], held[1];
cx temp[0], held[3];
cx temp[0], held[6];
cx temp[0], held[9];
cx temp[0], held[11];
cx temp[0], held[12];
cx temp[0], held[14];
cx temp[0], held[15];
cx temp[0], slice[0];
cx temp[0], slice[2];
cx temp[0], slice[4];
cx temp[0], slice[5];
cx temp[0], slice[10];
cx temp[0], slice[12];
cx temp[0], slice[13];
cx temp[0], slice[14];
cx temp[0], slice[18];
cx temp[0], slice[20];
cx temp[0], slice[21];
cx temp[0], slice[24];
cx temp[0], slice[25];
cx temp[0], slice[29];
cx temp[0], slice[30];
cx temp[0], slice[31];
cx temp[0], slice[33];
cx temp[0], slice[35];
cx temp[0], slice[37];
cx temp[0], slice[38];
cx temp[0], slice[39];
cx temp[0], slice[40];
cx temp[0], slice[41];
cx temp[0], slice[44];
cx temp[0], slice[45];
cx temp[0], slice[46];
cx temp[0], slice[47];
h temp[0];
m[2] = measure temp[0];
if (m[2] == 1) {
  cz index[4], low[0];
  x temp[0];
}
cx index[5], held[0];
cx index[5], held[3];
cx index[5], held[4];
cx index[5], held[15];
cx index[5], slice[0];
cx index[5], slice[1];
cx index[5], slice[3];
cx index[5], slice[5];
cx index[5], slice[6];
cx index[5], slice[8];
cx index[5], slice[10];
cx index[5], slice[11];
cx index[5], slice[14];
cx index[5], slice[17];
cx index[5], slice[20];
cx index[5], slice[21];
cx index[5], slice[22];
cx index[5], slice[23];
cx index[5], slice[25];
cx index[5], slice[26];
cx index[5], slice[30];
cx index[5], slice[34];
cx index[5], slice[37];
cx index[5], slice[40];
cx index[5], slice[42];
cx index[5], slice[44];
cx index[5], slice[45];
cx index[5], slice[46];
cx index[5], slice[47];
ccx index[5], index[2], temp[0];
cx temp[0], held[0];
cx temp[0], held[2];
cx temp[0], held[4];
cx temp[0], held[5];
cx temp[0], held[6];
cx temp[0], held[7];
cx temp[0], held[10];
cx temp[0], held[11];
cx temp[0], held[14];
cx temp[0], held[15];
cx temp[0], slice[0];
cx temp[0], slice[4];
cx temp[0], slice[8];
cx temp[0], slice[9];
cx temp[0], slice[10];
cx temp[0], slice[13];
cx temp[0], slice[15];
cx temp[0], slice[18];
cx temp[0], slice[19];
cx temp[0], slice[22];
cx temp[0], slice[25];
cx temp[0], slice[28];
cx temp[0], slice[31];
cx temp[0], slice[33];
cx temp[0], slice[35];
cx temp[0], slice[39];
cx temp[0], slice[40];
cx temp[0], slice[41];
cx temp[0], slice[42];
cx temp[0], slice[43];
h temp[0];
m[3] = measure temp[0];
if (m[3] == 1) {
  cz index[5], index[2];
  x temp[0];
}
ccx index[5], index[3], temp[0];
cx temp[0], held[1];
cx temp[0], held[3];
cx temp[0], held[6];
cx temp[0], held[7];
cx temp[0], held[8];
cx temp[0], held[9];
cx temp[0], slice[1];
cx temp[0], slice[2];
cx temp[0], slice[5];
cx temp[0], slice[7];
cx temp[0], slice[10];
cx temp[0], slice[12];
cx temp[0], slice[13];
cx temp[0], slice[21];
cx temp[0], slice[22];
cx temp[0], slice[23];
cx temp[0], slice[24];
cx temp[0], slice[26];
cx temp[0], slice[27];
cx temp[0], slice[28];
cx temp[0], slice[32];
cx temp[0], slice[33];
cx temp[0], slice[34];
cx temp[0], slice[35];
cx temp[0], slice[38];
cx temp[0], slice[39];
cx temp[0], slice[40];
cx temp[0], slice[46];
cx temp[0], slice[47];
h temp[0];
m[4] = measure temp[0];
if (m[4] == 1) {
  cz index[5], index[3];
  x temp[0];
}
ccx index[5], low[0], temp[0];
cx temp[0], held[1];
cx temp[0], held[2];
cx temp[0], held[6];
cx temp[0], held[7];
cx temp[0], held[8];
cx temp[0], held[10];
cx temp[0], held[11];
cx temp[0], held[13];
cx temp[0], held[14];
cx temp[0], held[15];
cx temp[0], slice[3];
cx temp[0], slice[4];
cx temp[0], slice[5];
cx temp[0], slice[6];
cx temp[0], slice[7];
cx temp[0], slice[8];
cx temp[0], slice[9];
cx temp[0], slice[10];
cx temp[0], slice[11];
cx temp[0], slice[12];
cx temp[0], slice[13];
cx temp[0], slice[15];
cx temp[0], slice[16];
cx temp[0], slice[21];
cx temp[0], slice[24];
cx temp[0], slice[25];
cx temp[0], slice[26];
cx temp[0], slice[29];
cx temp[0], slice[33];
cx temp[0], slice[36];
cx temp[0], slice[38];
cx temp[0], slice[42];
cx temp[0], slice[43];
cx temp[0], slice[46];
h temp[0];
m[5] = measure temp[0];
if (m[5] == 1) {
  cz index[5], low[0];
  x temp[0];
}
cx high[0], held[0];
cx high[0], held[2];
cx high[0], held[3];
cx high[0], held[4];
cx high[0], held[6];
cx high[0], held[7];
cx high[0], held[8];
cx high[0], held[10];
cx high[0], held[11];
cx high[0], slice[0];
cx high[0], slice[2];
cx high[0], slice[6];
cx high[0], slice[7];
cx high[0], slice[9];
cx high[0], slice[11];
cx high[0], slice[13];
cx high[0], slice[14];
cx high[0], slice[15];
cx high[0], slice[16];
cx high[0], slice[22];
cx high[0], slice[25];
cx high[0], slice[26];
cx high[0], slice[27];
cx high[0], slice[29];
cx high[0], slice[30];
cx high[0], slice[31];
cx high[0], slice[32];
cx high[0], slice[33];
cx high[0], slice[34];
cx high[0], slice[35];
cx high[0], slice[36];
cx high[0], slice[41];
cx high[0], slice[44];
cx high[0], slice[45];
cx high[0], slice[46];
cx high[0], slice[47];
ccx high[0], index[2], temp[0];
cx temp[0], held[2];
cx temp[0], held[4];
cx temp[0], held[5];
cx temp[0], held[8];
cx temp[0], held[10];
cx temp[0], held[11];
cx temp[0], held[12];
cx temp[0], slice[0];
cx temp[0], slice[1];
cx temp[0], slice[2];
cx temp[0], slice[4];
cx temp[0], slice[5];
cx temp[0], slice[6];
cx temp[0], slice[8];
cx temp[0], slice[9];
cx temp[0], slice[11];
cx temp[0], slice[12];
cx temp[0], slice[13];
cx temp[0], slice[15];
cx temp[0], slice[16];
cx temp[0], slice[19];
cx temp[0], slice[20];
cx temp[0], slice[22];
cx temp[0], slice[24];
cx temp[0], slice[25];
cx temp[0], slice[27];
cx temp[0], slice[28];
cx temp[0], slice[33];
cx temp[0], slice[34];
cx temp[0], slice[35];
cx temp[0], slice[39];
cx temp[0], slice[41];
cx temp[0], slice[46];
cx temp[0], slice[47];
h temp[0];
m[6] = measure temp[0];
if (m[6] == 1) {
  cz high[0], index[2];
  x temp[0];
}
ccx high[0], index[3], temp[0];
cx temp[0], held[0];
cx temp[0], held[1];
cx temp[0], held[2];
cx temp[0], held[3];
cx temp[0], held[6];
cx temp[0], held[9];
cx temp[0], held[10];
cx temp[0], held[11];
cx temp[0], held[12];
cx temp[0], held[13];
cx temp[0], held[15];
cx temp[0], slice[1];
cx temp[0], slice[2];
cx temp[0], slice[3];
cx temp[0], slice[5];
cx temp[0], slice[6];
cx temp[0], slice[7];
cx temp[0], slice[11];
cx temp[0], slice[12];
cx temp[0], slice[14];
cx temp[0], slice[15];
cx temp[0], slice[17];
cx temp[0], slice[21];
cx temp[0], slice[22];
cx temp[0], slice[25];
cx temp[0], slice[27];
cx temp[0], slice[29];
cx temp[0], slice[30];
cx temp[0], slice[31];
cx temp[0], slice[34];
cx temp[0], slice[39];
cx temp[0], slice[42];
cx temp[0], slice[44];
cx temp[0], slice[45];
cx temp[0], slice[46];
cx temp[0], slice[47];
h temp[0];
m[7] = measure temp[0];
if (m[7] == 1) {
  cz high[0], index[3];
  x temp[0];
}
ccx high[0], low[0], temp[0];
cx temp[0], held[0];
cx temp[0], held[1];
cx temp[0], held[2];
cx temp[0], held[6];
cx temp[0], held[10];
cx temp[0], held[11];
cx temp[0], held[13];
cx temp[0], slice[0];
cx temp[0], slice[2];
cx temp[0], slice[3];
cx temp[0], slice[4];
cx temp[0], slice[5];
cx temp[0], slice[8];
cx temp[0], slice[9];
cx temp[0], slice[12];
cx temp[0], slice[15];
cx temp[0], slice[16];
cx temp[0], slice[18];
cx temp[0], slice[19];
cx temp[0], slice[21];
cx temp[0], slice[22];
cx temp[0], slice[24];
cx temp[0], slice[30];
cx temp[0], slice[32];
cx temp[0], slice[33];
cx temp[0], slice[34];
cx temp[0], slice[36];
cx temp[0], slice[37];
cx temp[0], slice[38];
cx temp[0], slice[39];
cx temp[0], slice[43];
cx temp[0], slice[44];
cx temp[0], slice[45];
h temp[0];
m[8] = measure temp[0];
if (m[8] == 1) {
  cz high[0], low[0];
  x temp[0];
}
barrier index, held, slice, product, slot, low, high, temp;
cx index[0], slice[0];
cx index[1], slice[1];
ccx slice[0], slice[1], product[0];
cx product[0], held[0];
cx slot[0], held[0];
cx index[1], slice[2];
cx slot[0], slice[3];
ccx slice[2], slice[3], product[1];
cx product[1], held[1];
cx slot[0], held[1];
cx index[0], slice[4];
cx slot[0], slice[5];
ccx slice[4], slice[5], product[2];
cx product[2], held[0];
cx slot[0], held[0];
cx product[2], held[1];
cx slot[0], held[1];
cx index[0], slice[6];
cx index[1], slice[7];
ccx slice[6], slice[7], product[3];
cx product[3], held[2];
cx slot[0], held[2];
cx index[1], slice[8];
cx slot[0], slice[9];
ccx slice[8], slice[9], product[4];
cx product[4], held[3];
cx slot[0], held[3];
cx index[0], slice[10];
cx slot[0], slice[11];
ccx slice[10], slice[11], product[5];
cx product[5], held[2];
cx slot[0], held[2];
cx product[5], held[3];
cx slot[0], held[3];
cx index[0], slice[12];
cx index[1], slice[13];
ccx slice[12], slice[13], product[6];
cx product[6], held[4];
cx slot[0], held[4];
cx index[1], slice[14];
cx slot[0], slice[15];
ccx slice[14], slice[15], product[7];
cx product[7], held[5];
cx slot[0], held[5];
cx index[0], slice[16];
cx slot[0], slice[17];
ccx slice[16], slice[17], product[8];
cx product[8], held[4];
cx slot[0], held[4];
cx product[8], held[5];
cx slot[0], held[5];
cx index[0], slice[18];
cx index[1], slice[19];
ccx slice[18], slice[19], product[9];
cx product[9], held[6];
cx slot[0], held[6];
cx index[1], slice[20];
cx slot[0], slice[21];
ccx slice[20], slice[21], product[10];
cx product[10], held[7];
cx slot[0], held[7];
cx index[0], slice[22];
cx slot[0], slice[23];
ccx slice[22], slice[23], product[11];
cx product[11], held[6];
cx slot[0], held[6];
cx product[11], held[7];
cx slot[0], held[7];
cx index[0], slice[24];
cx index[1], slice[25];
ccx slice[24], slice[25], product[12];
cx product[12], held[8];
cx slot[0], held[8];
cx index[1], slice[26];
cx slot[0], slice[27];
ccx slice[26], slice[27], product[13];
cx product[13], held[9];
cx slot[0], held[9];
cx index[0], slice[28];
cx slot[0], slice[29];
ccx slice[28], slice[29], product[14];
cx product[14], held[8];
cx slot[0], held[8];
cx product[14], held[9];
cx slot[0], held[9];
cx index[0], slice[30];
cx index[1], slice[31];
ccx slice[30], slice[31], product[15];
cx product[15], held[10];
cx slot[0], held[10];
cx index[1], slice[32];
cx slot[0], slice[33];
ccx slice[32], slice[33], product[16];
cx product[16], held[11];
cx slot[0], held[11];
cx index[0], slice[34];
cx slot[0], slice[35];
ccx slice[34], slice[35], product[17];
cx product[17], held[10];
cx slot[0], held[10];
cx product[17], held[11];
cx slot[0], held[11];
cx index[0], slice[36];
cx index[1], slice[37];
ccx slice[36], slice[37], product[18];
cx product[18], held[12];
cx slot[0], held[12];
cx index[1], slice[38];
cx slot[0], slice[39];
ccx slice[38], slice[39], product[19];
cx product[19], held[13];
cx slot[0], held[13];
cx index[0], slice[40];
cx slot[0], slice[41];
ccx slice[40], slice[41], product[20];
cx product[20], held[12];
cx slot[0], held[12];
cx product[20], held[13];
cx slot[0], held[13];
cx index[0], slice[42];
cx index[1], slice[43];
ccx slice[42], slice[43], product[21];
cx product[21], held[14];
cx slot[0], held[14];
cx index[1], slice[44];
cx slot[0], slice[45];
ccx slice[44], slice[45], product[22];
cx product[22], held[15];
cx slot[0], held[15];
cx index[0], slice[46];
cx slot[0], slice[47];
ccx slice[46], slice[47], product[23];
cx product[23], held[14];
cx slot[0], held[14];
cx product[23], held[15];
cx slot[0], held[15];
cx held[0], word[0];
cx held[1], word[1];
cx held[2], word[2];
cx held[3], word[3];
cx held[4], word[4];
cx held[5], word[5];
cx held[6], word[6];
cx held[7], word[7];
cx held[8], word[8];
cx held[9], word[9];
cx held[10], word[10];
cx held[11], word[11];
cx held[12], word[12];
cx held[13], word[13];
cx held[14], word[14];
cx held[15], word[15];
cx slot[0], held[15];
cx product[23], held[15];
cx slot[0], held[14];
cx product[23], held[14];
h product[23];
m[9] = measure product[23];
if (m[9] == 1) {
  cz slice[46], slice[47];
  x product[23];
}
cx slot[0], slice[47];
cx index[0], slice[46];
cx slot[0], held[15];
cx product[22], held[15];
h product[22];
m[10] = measure product[22];
if (m[10] == 1) {
  cz slice[44], slice[45];
  x product[22];
}
cx slot[0], slice[45];
cx index[1], slice[44];
cx slot[0], held[14];
cx product[21], held[14];
h product[21];
m[11] = measure product[21];
if (m[11] == 1) {
  cz slice[42], slice[43];
  x product[21];
}
cx index[1], slice[43];
cx index[0], slice[42];
cx slot[0], held[13];
cx product[20], held[13];
cx slot[0], held[12];
cx product[20], held[12];
h product[20];
m[12] = measure product[20];
if (m[12] == 1) {
  cz slice[40], slice[41];
  x product[20];
}
cx slot[0], slice[41];
cx index[0], slice[40];
cx slot[0], held[13];
cx product[19], held[13];
h product[19];
m[13] = measure product[19];
if (m[13] == 1) {
  cz slice[38], slice[39];
  x product[19];
}
cx slot[0], slice[39];
cx index[1], slice[38];
cx slot[0], held[12];
cx product[18], held[12];
h product[18];
m[14] = measure product[18];
if (m[14] == 1) {
  cz slice[36], slice[37];
  x product[18];
}
cx index[1], slice[37];
cx index[0], slice[36];
cx slot[0], held[11];
cx product[17], held[11];
cx slot[0], held[10];
cx product[17], held[10];
h product[17];
m[15] = measure product[17];
if (m[15] == 1) {
  cz slice[34], slice[35];
  x product[17];
}
cx slot[0], slice[35];
cx index[0], slice[34];
cx slot[0], held[11];
cx product[16], held[11];
h product[16];
m[16] = measure product[16];
if (m[16] == 1) {
  cz slice[32], slice[33];
  x product[16];
}
cx slot[0], slice[33];
cx index[1], slice[32];
cx slot[0], held[10];
cx product[15], held[10];
h product[15];
m[17] = measure product[15];
if (m[17] == 1) {
  cz slice[30], slice[31];
  x product[15];
}
cx index[1], slice[31];
cx index[0], slice[30];
cx slot[0], held[9];
cx product[14], held[9];
cx slot[0], held[8];
cx product[14], held[8];
h product[14];
m[18] = measure product[14];
if (m[18] == 1) {
  cz slice[28], slice[29];
  x product[14];
}
cx slot[0], slice[29];
cx index[0], slice[28];
cx slot[0], held[9];
cx product[13], held[9];
h product[13];
m[19] = measure product[13];
if (m[19] == 1) {
  cz slice[26], slice[27];
  x product[13];
}
cx slot[0], slice[27];
cx index[1], slice[26];
cx slot[0], held[8];
cx product[12], held[8];
h product[12];
m[20] = measure product[12];
if (m[20] == 1) {
  cz slice[24], slice[25];
  x product[12];
}
cx index[1], slice[25];
cx index[0], slice[24];
cx slot[0], held[7];
cx product[11], held[7];
cx slot[0], held[6];
cx product[11], held[6];
h product[11];
m[21] = measure product[11];
if (m[21] == 1) {
  cz slice[22], slice[23];
  x product[11];
}
cx slot[0], slice[23];
cx index[0], slice[22];
cx slot[0], held[7];
cx product[10], held[7];
h product[10];
m[22] = measure product[10];
if (m[22] == 1) {
  cz slice[20], slice[21];
  x product[10];
}
cx slot[0], slice[21];
cx index[1], slice[20];
cx slot[0], held[6];
cx product[9], held[6];
h product[9];
m[23] = measure product[9];
if (m[23] == 1) {
  cz slice[18], slice[19];
  x product[9];
}
cx index[1], slice[19];
cx index[0], slice[18];
cx slot[0], held[5];
cx product[8], held[5];
cx slot[0], held[4];
cx product[8], held[4];
h product[8];
m[24] = measure product[8];
if (m[24] == 1) {
  cz slice[16], slice[17];
  x product[8];
}
cx slot[0], slice[17];
cx index[0], slice[16];
cx slot[0], held[5];
cx product[7], held[5];
h product[7];
m[25] = measure product[7];
if (m[25] == 1) {
  cz slice[14], slice[15];
  x product[7];
}
cx slot[0], slice[15];
cx index[1], slice[14];
cx slot[0], held[4];
cx product[6], held[4];
h product[6];
m[26] = measure product[6];
if (m[26] == 1) {
  cz slice[12], slice[13];
  x product[6];
}
cx index[1], slice[13];
cx index[0], slice[12];
cx slot[0], held[3];
cx product[5], held[3];
cx slot[0], held[2];
cx product[5], held[2];
h product[5];
m[27] = measure product[5];
if (m[27] == 1) {
  cz slice[10], slice[11];
  x product[5];
}
cx slot[0], slice[11];
cx index[0], slice[10];
cx slot[0], held[3];
cx product[4], held[3];
h product[4];
m[28] = measure product[4];
if (m[28] == 1) {
  cz slice[8], slice[9];
  x product[4];
}
cx slot[0], slice[9];
cx index[1], slice[8];
cx slot[0], held[2];
cx product[3], held[2];
h product[3];
m[29] = measure product[3];
if (m[29] == 1) {
  cz slice[6], slice[7];
  x product[3];
}
cx index[1], slice[7];
cx index[0], slice[6];
cx slot[0], held[1];
cx product[2], held[1];
cx slot[0], held[0];
cx product[2], held[0];
h product[2];
m[30] = measure product[2];
if (m[30] == 1) {
  cz slice[4], slice[5];
  x product[2];
}
cx slot[0], slice[5];
cx index[0], slice[4];
cx slot[0], held[1];
cx product[1], held[1];
h product[1];
m[31] = measure product[1];
if (m[31] == 1) {
  cz slice[2], slice[3];
  x product[1];
}
cx slot[0], slice[3];
cx index[1], slice[2];
cx slot[0], held[0];
cx product[0], held[0];
h product[0];
m[32] = measure product[0];
if (m[32] == 1) {
  cz slice[0], slice[1];
  x product[0];
}
cx index[1], slice[1];
cx index[0], slice[0];
barrier index, held, slice, product, slot, low, high, temp;
h held[0];
m[33] = measure held[0];
if (m[33] == 1) {
  z held[0];
  z index[3];
  cz index[2], index[4];
  cz index[3], index[4];
  z index[5];
  cz index[2], index[5];
  z high[0];
  cz index[3], high[0];
  cz low[0], high[0];
  x held[0];
}
h held[1];
m[34] = measure held[1];
if (m[34] == 1) {
  z held[1];
  z index[3];
  cz index[2], index[4];
  cz low[0], index[4];
  cz index[3], index[5];
  cz low[0], index[5];
  cz index[3], high[0];
  cz low[0], high[0];
  x held[1];
}
h held[2];
m[35] = measure held[2];
if (m[35] == 1) {
  z index[3];
  cz index[2], index[5];
  cz low[0], index[5];
  z high[0];
  cz index[2], high[0];
  cz index[3], high[0];
  cz low[0], high[0];
  x held[2];
}
h held[3];
m[36] = measure held[3];
if (m[36] == 1) {
  z held[3];
  z index[3];
  z low[0];
  cz index[2], index[4];
  cz index[3], index[4];
  cz low[0], index[4];
  z index[5];
  cz index[3], index[5];
  z high[0];
  cz index[3], high[0];
  x held[3];
}
h held[4];
m[37] = measure held[4];
if (m[37] == 1) {
  z index[2];
  z low[0];
  z index[4];
  cz index[2], index[4];
  cz index[3], index[4];
  z index[5];
  cz index[2], index[5];
  z high[0];
  cz index[2], high[0];
  x held[4];
}
h held[5];
m[38] = measure held[5];
if (m[38] == 1) {
  z index[2];
  z index[3];
  z index[4];
  cz index[2], index[4];
  cz index[3], index[4];
  cz index[2], index[5];
  cz index[2], high[0];
  x held[5];
}
h held[6];
m[39] = measure held[6];
if (m[39] == 1) {
  z index[4];
  cz index[2], index[4];
  cz low[0], index[4];
  cz index[2], index[5];
  cz index[3], index[5];
  cz low[0], index[5];
  z high[0];
  cz index[3], high[0];
  cz low[0], high[0];
  x held[6];
}
h held[7];
m[40] = measure held[7];
if (m[40] == 1) {
  z held[7];
  z index[3];
  z index[4];
  cz index[2], index[4];
  cz index[2], index[5];
  cz index[3], index[5];
  cz low[0], index[5];
  z high[0];
  x held[7];
}
h held[8];
m[41] = measure held[8];
if (m[41] == 1) {
  z held[8];
  z index[3];
  z low[0];
  cz index[3], index[4];
  cz index[3], index[5];
  cz low[0], index[5];
  z high[0];
  cz index[2], high[0];
  x held[8];
}
h held[9];
m[42] = measure held[9];
if (m[42] == 1) {
  z index[4];
  cz low[0], index[4];
  cz index[3], index[5];
  cz index[3], high[0];
  x held[9];
}
h held[10];
m[43] = measure held[10];
if (m[43] == 1) {
  z held[10];
  z index[2];
  z low[0];
  cz index[3], index[4];
  cz index[2], index[5];
  cz low[0], index[5];
  z high[0];
  cz index[2], high[0];
  cz index[3], high[0];
  cz low[0], high[0];
  x held[10];
}
h held[11];
m[44] = measure held[11];
if (m[44] == 1) {
  z held[11];
  z index[3];
  cz index[2], index[4];
  cz low[0], index[4];
  cz index[2], index[5];
  cz low[0], index[5];
  z high[0];
  cz index[2], high[0];
  cz index[3], high[0];
  cz low[0], high[0];
  x held[11];
}
h held[12];
m[45] = measure held[12];
if (m[45] == 1) {
  z held[12];
  cz low[0], index[4];
  cz index[2], high[0];
  cz index[3], high[0];
  x held[12];
}
h held[13];
m[46] = measure held[13];
if (m[46] == 1) {
  z held[13];
  cz index[2], index[4];
  cz low[0], index[5];
  cz index[3], high[0];
  cz low[0], high[0];
  x held[13];
}
h held[14];
m[47] = measure held[14];
if (m[47] == 1) {
  z held[14];
  z low[0];
  z index[4];
  cz index[2], index[4];
  cz low[0], index[4];
  cz index[2], index[5];
  cz low[0], index[5];
  x held[14];
}
h held[15];
m[48] = measure held[15];
if (m[48] == 1) {
  z held[15];
  z low[0];
  cz index[3], index[4];
  cz low[0], index[4];
  z index[5];
  cz index[2], index[5];
  cz low[0], index[5];
  cz index[3], high[0];
  x held[15];
}
h slice[0];
m[49] = measure slice[0];
if (m[49] == 1) {
  z index[2];
  z index[3];
  z low[0];
  cz low[0], index[4];
  z index[5];
  cz index[2], index[5];
  z high[0];
  cz index[2], high[0];
  cz low[0], high[0];
  x slice[0];
}
h slice[1];
m[50] = measure slice[1];
if (m[50] == 1) {
  z slice[1];
  z low[0];
  cz index[3], index[4];
  z index[5];
  cz index[3], index[5];
  cz index[2], high[0];
  cz index[3], high[0];
  x slice[1];
}
h slice[2];
m[51] = measure slice[2];
if (m[51] == 1) {
  z index[2];
  z index[4];
  cz index[2], index[4];
  cz index[3], index[4];
  cz low[0], index[4];
  cz index[3], index[5];
  z high[0];
  cz index[2], high[0];
  cz index[3], high[0];
  cz low[0], high[0];
  x slice[2];
}
h slice[3];
m[52] = measure slice[3];
if (m[52] == 1) {
  z index[2];
  z index[3];
  z low[0];
  z index[4];
  z index[5];
  cz low[0], index[5];
  cz index[3], high[0];
  cz low[0], high[0];
  x slice[3];
}
h slice[4];
m[53] = measure slice[4];
if (m[53] == 1) {
  z slice[4];
  z index[2];
  z index[3];
  z low[0];
  cz index[2], index[4];
  cz low[0], index[4];
  cz index[2], index[5];
  cz low[0], index[5];
  cz index[2], high[0];
  cz low[0], high[0];
  x slice[4];
}
h slice[5];
m[54] = measure slice[5];
if (m[54] == 1) {
  z slice[5];
  z index[2];
  cz index[2], index[4];
  cz low[0], index[4];
  z index[5];
  cz index[3], index[5];
  cz low[0], index[5];
  cz index[2], high[0];
  cz index[3], high[0];
  cz low[0], high[0];
  x slice[5];
}
h slice[6];
m[55] = measure slice[6];
if (m[55] == 1) {
  z slice[6];
  z index[2];
  z low[0];
  z index[4];
  cz index[2], index[4];
  cz index[3], index[4];
  z index[5];
  cz low[0], index[5];
  z high[0];
  cz index[2], high[0];
  cz index[3], high[0];
  x slice[6];
}
h slice[7];
m[56] = measure slice[7];
if (m[56] == 1) {
  z index[2];
  z low[0];
  cz index[2], index[4];
  cz index[3], index[5];
  cz low[0], index[5];
  z high[0];
  cz index[3], high[0];
  x slice[7];
}
h slice[8];
m[57] = measure slice[8];
if (m[57] == 1) {
  z index[2];
  z index[3];
  z low[0];
  z index[4];
  cz index[2], index[4];
  cz index[3], index[4];
  z index[5];
  cz index[2], index[5];
  cz low[0], index[5];
  cz index[2], high[0];
  cz low[0], high[0];
  x slice[8];
}
h slice[9];
m[58] = measure slice[9];
if (m[58] == 1) {
  z index[2];
  z index[3];
  z low[0];
  cz index[2], index[4];
  cz index[2], index[5];
  cz low[0], index[5];
  z high[0];
  cz index[2], high[0];
  cz low[0], high[0];
  x slice[9];
}
h slice[10];
m[59] = measure slice[10];
if (m[59] == 1) {
  z low[0];
  z index[4];
  cz low[0], index[4];
  z index[5];
  cz index[2], index[5];
  cz index[3], index[5];
  cz low[0], index[5];
  x slice[10];
}
h slice[11];
m[60] = measure slice[11];
if (m[60] == 1) {
  z slice[11];
  z index[2];
  cz index[2], index[4];
  cz index[3], index[4];
  z index[5];
  cz low[0], index[5];
  z high[0];
  cz index[2], high[0];
  cz index[3], high[0];
  x slice[11];
}
h slice[12];
m[61] = measure slice[12];
if (m[61] == 1) {
  z slice[12];
  z index[3];
  z index[4];
  cz low[0], index[4];
  cz index[3], index[5];
  cz low[0], index[5];
  cz index[2], high[0];
  cz index[3], high[0];
  cz low[0], high[0];
  x slice[12];
}
h slice[13];
m[62] = measure slice[13];
if (m[62] == 1) {
  z index[4];
  cz index[2], index[4];
  cz index[3], index[4];
  cz low[0], index[4];
  cz index[2], index[5];
  cz index[3], index[5];
  cz low[0], index[5];
  z high[0];
  cz index[2], high[0];
  x slice[13];
}
h slice[14];
m[63] = measure slice[14];
if (m[63] == 1) {
  z index[2];
  z low[0];
  cz index[2], index[4];
  cz index[3], index[4];
  cz low[0], index[4];
  z index[5];
  z high[0];
  cz index[3], high[0];
  x slice[14];
}
h slice[15];
m[64] = measure slice[15];
if (m[64] == 1) {
  z low[0];
  cz index[2], index[4];
  cz index[2], index[5];
  cz low[0], index[5];
  z high[0];
  cz index[2], high[0];
  cz index[3], high[0];
  cz low[0], high[0];
  x slice[15];
}
h slice[16];
m[65] = measure slice[16];
if (m[65] == 1) {
  z index[2];
  z index[4];
  cz low[0], index[5];
  z high[0];
  cz index[2], high[0];
  cz low[0], high[0];
  x slice[16];
}
h slice[17];
m[66] = measure slice[17];
if (m[66] == 1) {
  z slice[17];
  z index[2];
  z index[3];
  z index[4];
  cz index[3], index[4];
  z index[5];
  cz index[3], high[0];
  x slice[17];
}
h slice[18];
m[67] = measure slice[18];
if (m[67] == 1) {
  z index[2];
  z index[3];
  z low[0];
  cz index[2], index[4];
  cz low[0], index[4];
  cz index[2], index[5];
  cz low[0], high[0];
  x slice[18];
}
h slice[19];
m[68] = measure slice[19];
if (m[68] == 1) {
  z index[3];
  z low[0];
  z index[4];
  cz index[3], index[4];
  cz index[2], index[5];
  cz index[2], high[0];
  cz low[0], high[0];
  x slice[19];
}
h slice[20];
m[69] = measure slice[20];
if (m[69] == 1) {
  z slice[20];
  z index[2];
  z low[0];
  cz index[2], index[4];
  cz index[3], index[4];
  cz low[0], index[4];
  z index[5];
  cz index[2], high[0];
  x slice[20];
}
h slice[21];
m[70] = measure slice[21];
if (m[70] == 1) {
  z index[3];
  cz index[2], index[4];
  cz index[3], index[4];
  cz low[0], index[4];
  z index[5];
  cz index[3], index[5];
  cz low[0], index[5];
  cz index[3], high[0];
  cz low[0], high[0];
  x slice[21];
}
h slice[22];
m[71] = measure slice[22];
if (m[71] == 1) {
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
  x slice[22];
}
h slice[23];
m[72] = measure slice[23];
if (m[72] == 1) {
  z slice[23];
  z low[0];
  z index[4];
  cz index[3], index[4];
  z index[5];
  cz index[3], index[5];
  x slice[23];
}
h slice[24];
m[73] = measure slice[24];
if (m[73] == 1) {
  z slice[24];
  z index[3];
  z index[4];
  cz index[2], index[4];
  cz index[3], index[4];
  cz low[0], index[4];
  cz index[3], index[5];
  cz low[0], index[5];
  cz index[2], high[0];
  cz low[0], high[0];
  x slice[24];
}
h slice[25];
m[74] = measure slice[25];
if (m[74] == 1) {
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
  x slice[25];
}
h slice[26];
m[75] = measure slice[26];
if (m[75] == 1) {
  z low[0];
  cz index[2], index[4];
  cz index[3], index[4];
  z index[5];
  cz index[3], index[5];
  cz low[0], index[5];
  z high[0];
  x slice[26];
}
h slice[27];
m[76] = measure slice[27];
if (m[76] == 1) {
  z slice[27];
  z low[0];
  cz index[3], index[5];
  z high[0];
  cz index[2], high[0];
  cz index[3], high[0];
  x slice[27];
}
h slice[28];
m[77] = measure slice[28];
if (m[77] == 1) {
  z slice[28];
  z index[3];
  z index[4];
  cz index[2], index[4];
  cz index[2], index[5];
  cz index[3], index[5];
  cz index[2], high[0];
  x slice[28];
}
h slice[29];
m[78] = measure slice[29];
if (m[78] == 1) {
  z index[2];
  z index[3];
  z low[0];
  cz low[0], index[4];
  cz low[0], index[5];
  z high[0];
  cz index[3], high[0];
  x slice[29];
}
h slice[30];
m[79] = measure slice[30];
if (m[79] == 1) {
  z low[0];
  z index[4];
  cz index[2], index[4];
  cz low[0], index[4];
  z index[5];
  z high[0];
  cz index[3], high[0];
  cz low[0], high[0];
  x slice[30];
}
h slice[31];
m[80] = measure slice[31];
if (m[80] == 1) {
  z slice[31];
  z index[2];
  z low[0];
  z index[4];
  cz index[2], index[4];
  cz low[0], index[4];
  cz index[2], index[5];
  z high[0];
  cz index[3], high[0];
  x slice[31];
}
h slice[32];
m[81] = measure slice[32];
if (m[81] == 1) {
  z low[0];
  cz index[3], index[5];
  z high[0];
  cz low[0], high[0];
  x slice[32];
}
h slice[33];
m[82] = measure slice[33];
if (m[82] == 1) {
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
  x slice[33];
}
h slice[34];
m[83] = measure slice[34];
if (m[83] == 1) {
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
  x slice[34];
}
h slice[35];
m[84] = measure slice[35];
if (m[84] == 1) {
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
  x slice[35];
}
h slice[36];
m[85] = measure slice[36];
if (m[85] == 1) {
  z slice[36];
  z index[2];
  z index[3];
  z low[0];
  z index[4];
  cz low[0], index[5];
  z high[0];
  cz low[0], high[0];
  x slice[36];
}
h slice[37];
m[86] = measure slice[37];
if (m[86] == 1) {
  z low[0];
  cz low[0], index[4];
  z index[5];
  cz low[0], high[0];
  x slice[37];
}
h slice[38];
m[87] = measure slice[38];
if (m[87] == 1) {
  z index[2];
  z index[3];
  z index[4];
  cz index[3], index[4];
  cz low[0], index[4];
  cz index[3], index[5];
  cz low[0], index[5];
  cz low[0], high[0];
  x slice[38];
}
h slice[39];
m[88] = measure slice[39];
if (m[88] == 1) {
  z slice[39];
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
  x slice[39];
}
h slice[40];
m[89] = measure slice[40];
if (m[89] == 1) {
  z index[2];
  z index[3];
  cz index[2], index[4];
  cz index[3], index[4];
  cz low[0], index[4];
  z index[5];
  cz index[2], index[5];
  cz index[3], index[5];
  x slice[40];
}
h slice[41];
m[90] = measure slice[41];
if (m[90] == 1) {
  z low[0];
  cz index[2], index[4];
  cz low[0], index[4];
  cz index[2], index[5];
  z high[0];
  cz index[2], high[0];
  x slice[41];
}
h slice[42];
m[91] = measure slice[42];
if (m[91] == 1) {
  z slice[42];
  z index[3];
  z low[0];
  cz index[3], index[4];
  z index[5];
  cz index[2], index[5];
  cz low[0], index[5];
  cz index[3], high[0];
  x slice[42];
}
h slice[43];
m[92] = measure slice[43];
if (m[92] == 1) {
  z slice[43];
  z index[2];
  z index[3];
  z low[0];
  z index[4];
  cz index[2], index[4];
  cz index[2], index[5];
  cz low[0], index[5];
  cz low[0], high[0];
  x slice[43];
}
h slice[44];
m[93] = measure slice[44];
if (m[93] == 1) {
  z index[2];
  cz low[0], index[4];
  z index[5];
  z high[0];
  cz index[3], high[0];
  cz low[0], high[0];
  x slice[44];
}
h slice[45];
m[94] = measure slice[45];
if (m[94] == 1) {
  z slice[45];
  z index[3];
  z low[0];
  cz index[2], index[4];
  cz index[3], index[4];
  cz low[0], index[4];
  z index[5];
  z high[0];
  cz index[3], high[0];
  cz low[0], high[0];
  x slice[45];
}
h slice[46];
m[95] = measure slice[46];
if (m[95] == 1) {
  z slice[46];
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
  x slice[46];
}
h slice[47];
m[96] = measure slice[47];
if (m[96] == 1) {
  z slice[47];
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
  x slice[47];
}
barrier index, held, slice, product, slot, low, high, temp;
h slot[0];
m[97] = measure slot[0];
if (m[97] == 1) {
  cz index[1], index[0];
  x slot[0];
}
h high[0];
m[98] = measure high[0];
if (m[98] == 1) {
  cz index[5], index[4];
  x high[0];
}
h low[0];
m[99] = measure low[0];
if (m[99] == 1) {
  cz index[3], index[2];
  x low[0];
}
