OPENQASM 3.0;
include "stdgates.inc";
// lookup_unary_measured, (n, d, b) = (64, 4, 4)
// |j>|x> -> |j>|x xor K_j>, components in offset binary; undone by measurement
qubit[6] index;
qubit[16] word;
qubit[5] path;
bit[62] m;
ccx index[5], index[4], path[4];
ccx path[4], index[3], path[3];
ccx path[3], index[2], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[2];
cx path[0], word[4];
cx path[0], word[6];
cx path[0], word[8];
cx path[0], word[10];
cx path[0], word[11];
cx path[0], word[14];
cx path[0], word[15];
cx path[1], path[0];
cx path[0], word[0];
cx path[0], word[3];
cx path[0], word[4];
cx path[0], word[5];
cx path[0], word[6];
cx path[0], word[7];
cx path[0], word[8];
cx path[0], word[9];
cx path[0], word[11];
cx path[0], word[14];
cx path[1], path[0];
h path[0];
m[0] = measure path[0];
if (m[0] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[0];
cx path[0], word[2];
cx path[0], word[3];
cx path[0], word[6];
cx path[0], word[10];
cx path[0], word[13];
cx path[1], path[0];
cx path[0], word[2];
cx path[0], word[5];
cx path[0], word[8];
cx path[0], word[9];
cx path[0], word[13];
cx path[0], word[14];
cx path[1], path[0];
h path[0];
m[1] = measure path[0];
if (m[1] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[2] = measure path[1];
if (m[2] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[0];
cx path[0], word[1];
cx path[0], word[2];
cx path[0], word[4];
cx path[0], word[5];
cx path[0], word[7];
cx path[0], word[8];
cx path[0], word[10];
cx path[0], word[11];
cx path[0], word[13];
cx path[1], path[0];
cx path[0], word[4];
cx path[0], word[5];
cx path[0], word[6];
cx path[0], word[8];
cx path[0], word[9];
cx path[1], path[0];
h path[0];
m[3] = measure path[0];
if (m[3] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[3];
cx path[0], word[5];
cx path[0], word[10];
cx path[0], word[11];
cx path[0], word[13];
cx path[1], path[0];
cx path[0], word[0];
cx path[0], word[5];
cx path[0], word[7];
cx path[0], word[9];
cx path[0], word[14];
cx path[1], path[0];
h path[0];
m[4] = measure path[0];
if (m[4] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[5] = measure path[1];
if (m[5] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
h path[2];
m[6] = measure path[2];
if (m[6] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
ccx path[3], index[2], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[0];
cx path[0], word[2];
cx path[0], word[5];
cx path[0], word[7];
cx path[0], word[8];
cx path[0], word[9];
cx path[0], word[11];
cx path[0], word[12];
cx path[0], word[13];
cx path[0], word[14];
cx path[1], path[0];
cx path[0], word[1];
cx path[0], word[2];
cx path[0], word[3];
cx path[0], word[4];
cx path[0], word[5];
cx path[0], word[7];
cx path[0], word[8];
cx path[0], word[9];
cx path[0], word[10];
cx path[0], word[11];
cx path[0], word[13];
cx path[0], word[15];
cx path[1], path[0];
h path[0];
m[7] = measure path[0];
if (m[7] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[0];
cx path[0], word[1];
cx path[0], word[2];
cx path[0], word[4];
cx path[0], word[5];
cx path[0], word[6];
cx path[0], word[11];
cx path[0], word[12];
cx path[0], word[15];
cx path[1], path[0];
cx path[0], word[0];
cx path[0], word[5];
cx path[0], word[6];
cx path[0], word[7];
cx path[0], word[8];
cx path[0], word[10];
cx path[0], word[14];
cx path[0], word[15];
cx path[1], path[0];
h path[0];
m[8] = measure path[0];
if (m[8] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[9] = measure path[1];
if (m[9] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[2];
cx path[0], word[3];
cx path[0], word[5];
cx path[0], word[7];
cx path[0], word[10];
cx path[0], word[11];
cx path[0], word[12];
cx path[0], word[13];
cx path[0], word[14];
cx path[1], path[0];
cx path[0], word[0];
cx path[0], word[1];
cx path[0], word[2];
cx path[0], word[4];
cx path[0], word[9];
cx path[0], word[15];
cx path[1], path[0];
h path[0];
m[10] = measure path[0];
if (m[10] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[0];
cx path[0], word[1];
cx path[0], word[2];
cx path[0], word[12];
cx path[1], path[0];
cx path[0], word[0];
cx path[0], word[1];
cx path[0], word[2];
cx path[0], word[3];
cx path[0], word[4];
cx path[0], word[5];
cx path[0], word[7];
cx path[0], word[9];
cx path[0], word[10];
cx path[0], word[12];
cx path[0], word[13];
cx path[1], path[0];
h path[0];
m[11] = measure path[0];
if (m[11] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[12] = measure path[1];
if (m[12] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
h path[2];
m[13] = measure path[2];
if (m[13] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
h path[3];
m[14] = measure path[3];
if (m[14] == 1) {
  cz path[4], index[3];
  x path[3];
}
cx index[5], path[4];
ccx path[4], index[3], path[3];
ccx path[3], index[2], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[2];
cx path[0], word[3];
cx path[0], word[4];
cx path[0], word[6];
cx path[0], word[11];
cx path[0], word[12];
cx path[0], word[13];
cx path[0], word[15];
cx path[1], path[0];
cx path[0], word[0];
cx path[0], word[1];
cx path[0], word[5];
cx path[0], word[6];
cx path[0], word[7];
cx path[0], word[8];
cx path[0], word[10];
cx path[0], word[15];
cx path[1], path[0];
h path[0];
m[15] = measure path[0];
if (m[15] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[0];
cx path[0], word[1];
cx path[0], word[2];
cx path[0], word[3];
cx path[0], word[4];
cx path[0], word[7];
cx path[0], word[9];
cx path[0], word[11];
cx path[0], word[12];
cx path[0], word[15];
cx path[1], path[0];
cx path[0], word[2];
cx path[0], word[3];
cx path[0], word[6];
cx path[0], word[7];
cx path[0], word[8];
cx path[0], word[9];
cx path[0], word[10];
cx path[0], word[12];
cx path[0], word[15];
cx path[1], path[0];
h path[0];
m[16] = measure path[0];
if (m[16] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[17] = measure path[1];
if (m[17] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[0];
cx path[0], word[1];
cx path[0], word[3];
cx path[0], word[4];
cx path[0], word[5];
cx path[0], word[6];
cx path[0], word[7];
cx path[0], word[8];
cx path[0], word[10];
cx path[0], word[12];
cx path[0], word[13];
cx path[0], word[14];
cx path[1], path[0];
cx path[0], word[0];
cx path[0], word[1];
cx path[0], word[2];
cx path[0], word[3];
cx path[0], word[4];
cx path[0], word[5];
cx path[0], word[6];
cx path[0], word[10];
cx path[0], word[12];
cx path[1], path[0];
h path[0];
m[18] = measure path[0];
if (m[18] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[0];
cx path[0], word[8];
cx path[0], word[9];
cx path[0], word[10];
cx path[0], word[13];
cx path[0], word[14];
cx path[0], word[15];
cx path[1], path[0];
cx path[0], word[0];
cx path[0], word[1];
cx path[0], word[2];
cx path[0], word[5];
cx path[0], word[7];
cx path[0], word[8];
cx path[0], word[12];
cx path[0], word[13];
cx path[0], word[14];
cx path[0], word[15];
cx path[1], path[0];
h path[0];
m[19] = measure path[0];
if (m[19] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[20] = measure path[1];
if (m[20] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
h path[2];
m[21] = measure path[2];
if (m[21] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
ccx path[3], index[2], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[0];
cx path[0], word[1];
cx path[0], word[2];
cx path[0], word[4];
cx path[0], word[6];
cx path[0], word[8];
cx path[0], word[10];
cx path[0], word[11];
cx path[0], word[12];
cx path[0], word[13];
cx path[1], path[0];
cx path[0], word[0];
cx path[0], word[2];
cx path[0], word[6];
cx path[0], word[8];
cx path[0], word[10];
cx path[0], word[14];
cx path[1], path[0];
h path[0];
m[22] = measure path[0];
if (m[22] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[0];
cx path[0], word[1];
cx path[0], word[3];
cx path[0], word[4];
cx path[0], word[7];
cx path[0], word[10];
cx path[0], word[15];
cx path[1], path[0];
cx path[0], word[4];
cx path[0], word[5];
cx path[0], word[6];
cx path[0], word[7];
cx path[0], word[9];
cx path[0], word[13];
cx path[1], path[0];
h path[0];
m[23] = measure path[0];
if (m[23] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[24] = measure path[1];
if (m[24] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[1];
cx path[0], word[2];
cx path[0], word[5];
cx path[0], word[6];
cx path[0], word[7];
cx path[0], word[8];
cx path[0], word[10];
cx path[0], word[12];
cx path[0], word[13];
cx path[0], word[15];
cx path[1], path[0];
cx path[0], word[0];
cx path[0], word[8];
cx path[0], word[10];
cx path[0], word[11];
cx path[0], word[12];
cx path[0], word[14];
cx path[1], path[0];
h path[0];
m[25] = measure path[0];
if (m[25] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[1];
cx path[0], word[4];
cx path[0], word[7];
cx path[0], word[8];
cx path[0], word[9];
cx path[0], word[10];
cx path[0], word[11];
cx path[0], word[12];
cx path[0], word[13];
cx path[1], path[0];
cx path[0], word[1];
cx path[0], word[4];
cx path[0], word[7];
cx path[0], word[9];
cx path[0], word[11];
cx path[0], word[13];
cx path[0], word[14];
cx path[1], path[0];
h path[0];
m[26] = measure path[0];
if (m[26] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[27] = measure path[1];
if (m[27] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
h path[2];
m[28] = measure path[2];
if (m[28] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
h path[3];
m[29] = measure path[3];
if (m[29] == 1) {
  cz path[4], index[3];
  x path[3];
}
cx index[5], path[4];
h path[4];
m[30] = measure path[4];
if (m[30] == 1) {
  cz index[5], index[4];
  x path[4];
}
x index[5];
ccx index[5], index[4], path[4];
ccx path[4], index[3], path[3];
ccx path[3], index[2], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[0];
cx path[0], word[1];
cx path[0], word[2];
cx path[0], word[3];
cx path[0], word[5];
cx path[0], word[9];
cx path[0], word[11];
cx path[0], word[15];
cx path[1], path[0];
cx path[0], word[2];
cx path[0], word[4];
cx path[0], word[5];
cx path[0], word[13];
cx path[0], word[15];
cx path[1], path[0];
h path[0];
m[31] = measure path[0];
if (m[31] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[0];
cx path[0], word[6];
cx path[0], word[11];
cx path[0], word[14];
cx path[1], path[0];
cx path[0], word[2];
cx path[0], word[4];
cx path[0], word[5];
cx path[0], word[6];
cx path[0], word[11];
cx path[0], word[12];
cx path[0], word[13];
cx path[0], word[15];
cx path[1], path[0];
h path[0];
m[32] = measure path[0];
if (m[32] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[33] = measure path[1];
if (m[33] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[0];
cx path[0], word[1];
cx path[0], word[2];
cx path[0], word[3];
cx path[0], word[5];
cx path[0], word[6];
cx path[0], word[9];
cx path[0], word[11];
cx path[1], path[0];
cx path[0], word[3];
cx path[0], word[4];
cx path[0], word[5];
cx path[0], word[10];
cx path[0], word[13];
cx path[0], word[15];
cx path[1], path[0];
h path[0];
m[34] = measure path[0];
if (m[34] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[1];
cx path[0], word[2];
cx path[0], word[5];
cx path[0], word[6];
cx path[0], word[7];
cx path[0], word[8];
cx path[0], word[10];
cx path[0], word[11];
cx path[0], word[12];
cx path[0], word[13];
cx path[1], path[0];
cx path[0], word[0];
cx path[0], word[2];
cx path[0], word[5];
cx path[0], word[6];
cx path[0], word[9];
cx path[0], word[12];
cx path[0], word[13];
cx path[0], word[14];
cx path[1], path[0];
h path[0];
m[35] = measure path[0];
if (m[35] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[36] = measure path[1];
if (m[36] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
h path[2];
m[37] = measure path[2];
if (m[37] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
ccx path[3], index[2], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[2];
cx path[0], word[5];
cx path[0], word[6];
cx path[0], word[8];
cx path[0], word[9];
cx path[0], word[10];
cx path[0], word[11];
cx path[0], word[12];
cx path[0], word[14];
cx path[0], word[15];
cx path[1], path[0];
cx path[0], word[0];
cx path[0], word[1];
cx path[0], word[2];
cx path[0], word[3];
cx path[0], word[4];
cx path[0], word[7];
cx path[0], word[13];
cx path[0], word[14];
cx path[1], path[0];
h path[0];
m[38] = measure path[0];
if (m[38] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[6];
cx path[0], word[8];
cx path[0], word[13];
cx path[0], word[14];
cx path[0], word[15];
cx path[1], path[0];
cx path[0], word[1];
cx path[0], word[2];
cx path[0], word[3];
cx path[0], word[4];
cx path[0], word[5];
cx path[0], word[8];
cx path[0], word[9];
cx path[0], word[12];
cx path[1], path[0];
h path[0];
m[39] = measure path[0];
if (m[39] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[40] = measure path[1];
if (m[40] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[0];
cx path[0], word[1];
cx path[0], word[2];
cx path[0], word[3];
cx path[0], word[4];
cx path[0], word[7];
cx path[0], word[10];
cx path[0], word[11];
cx path[0], word[12];
cx path[0], word[15];
cx path[1], path[0];
cx path[0], word[2];
cx path[0], word[4];
cx path[0], word[5];
cx path[0], word[6];
cx path[0], word[8];
cx path[0], word[12];
cx path[0], word[13];
cx path[0], word[14];
cx path[1], path[0];
h path[0];
m[41] = measure path[0];
if (m[41] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[3];
cx path[0], word[5];
cx path[0], word[9];
cx path[0], word[12];
cx path[0], word[15];
cx path[1], path[0];
cx path[0], word[1];
cx path[0], word[2];
cx path[0], word[4];
cx path[0], word[5];
cx path[0], word[6];
cx path[0], word[8];
cx path[0], word[9];
cx path[0], word[10];
cx path[0], word[11];
cx path[0], word[12];
cx path[0], word[15];
cx path[1], path[0];
h path[0];
m[42] = measure path[0];
if (m[42] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[43] = measure path[1];
if (m[43] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
h path[2];
m[44] = measure path[2];
if (m[44] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
h path[3];
m[45] = measure path[3];
if (m[45] == 1) {
  cz path[4], index[3];
  x path[3];
}
cx index[5], path[4];
ccx path[4], index[3], path[3];
ccx path[3], index[2], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[0];
cx path[0], word[1];
cx path[0], word[2];
cx path[0], word[3];
cx path[0], word[4];
cx path[0], word[6];
cx path[0], word[7];
cx path[0], word[10];
cx path[0], word[12];
cx path[1], path[0];
cx path[0], word[0];
cx path[0], word[3];
cx path[0], word[4];
cx path[0], word[6];
cx path[0], word[8];
cx path[0], word[10];
cx path[0], word[12];
cx path[0], word[13];
cx path[0], word[14];
cx path[1], path[0];
h path[0];
m[46] = measure path[0];
if (m[46] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[1];
cx path[0], word[2];
cx path[0], word[7];
cx path[0], word[9];
cx path[0], word[12];
cx path[0], word[15];
cx path[1], path[0];
cx path[0], word[1];
cx path[0], word[2];
cx path[0], word[4];
cx path[0], word[5];
cx path[0], word[7];
cx path[0], word[8];
cx path[0], word[11];
cx path[0], word[12];
cx path[0], word[13];
cx path[0], word[15];
cx path[1], path[0];
h path[0];
m[47] = measure path[0];
if (m[47] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[48] = measure path[1];
if (m[48] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[2];
cx path[0], word[5];
cx path[0], word[8];
cx path[0], word[10];
cx path[0], word[13];
cx path[1], path[0];
cx path[0], word[1];
cx path[0], word[5];
cx path[0], word[9];
cx path[0], word[12];
cx path[0], word[13];
cx path[0], word[14];
cx path[0], word[15];
cx path[1], path[0];
h path[0];
m[49] = measure path[0];
if (m[49] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[0];
cx path[0], word[1];
cx path[0], word[5];
cx path[0], word[6];
cx path[0], word[8];
cx path[0], word[9];
cx path[0], word[12];
cx path[0], word[13];
cx path[0], word[14];
cx path[0], word[15];
cx path[1], path[0];
cx path[0], word[0];
cx path[0], word[2];
cx path[0], word[3];
cx path[0], word[5];
cx path[0], word[6];
cx path[0], word[7];
cx path[0], word[11];
cx path[0], word[12];
cx path[0], word[13];
cx path[0], word[14];
cx path[0], word[15];
cx path[1], path[0];
h path[0];
m[50] = measure path[0];
if (m[50] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[51] = measure path[1];
if (m[51] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
h path[2];
m[52] = measure path[2];
if (m[52] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
ccx path[3], index[2], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[2];
cx path[0], word[4];
cx path[0], word[5];
cx path[0], word[8];
cx path[0], word[10];
cx path[0], word[11];
cx path[0], word[13];
cx path[1], path[0];
cx path[0], word[0];
cx path[0], word[1];
cx path[0], word[3];
cx path[0], word[5];
cx path[0], word[12];
cx path[0], word[13];
cx path[0], word[15];
cx path[1], path[0];
h path[0];
m[53] = measure path[0];
if (m[53] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[0];
cx path[0], word[2];
cx path[0], word[4];
cx path[0], word[5];
cx path[0], word[7];
cx path[0], word[8];
cx path[0], word[10];
cx path[0], word[12];
cx path[0], word[13];
cx path[0], word[14];
cx path[1], path[0];
cx path[0], word[4];
cx path[0], word[5];
cx path[0], word[6];
cx path[0], word[8];
cx path[0], word[9];
cx path[0], word[11];
cx path[0], word[12];
cx path[0], word[13];
cx path[0], word[14];
cx path[1], path[0];
h path[0];
m[54] = measure path[0];
if (m[54] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[55] = measure path[1];
if (m[55] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[0];
cx path[0], word[5];
cx path[0], word[6];
cx path[0], word[7];
cx path[0], word[8];
cx path[0], word[11];
cx path[0], word[14];
cx path[0], word[15];
cx path[1], path[0];
cx path[0], word[2];
cx path[0], word[3];
cx path[0], word[4];
cx path[0], word[7];
cx path[0], word[9];
cx path[0], word[10];
cx path[0], word[11];
cx path[0], word[15];
cx path[1], path[0];
h path[0];
m[56] = measure path[0];
if (m[56] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[1];
cx path[0], word[2];
cx path[0], word[4];
cx path[0], word[5];
cx path[0], word[6];
cx path[0], word[8];
cx path[0], word[11];
cx path[0], word[12];
cx path[0], word[13];
cx path[0], word[14];
cx path[0], word[15];
cx path[1], path[0];
cx path[0], word[3];
cx path[0], word[7];
cx path[0], word[8];
cx path[0], word[10];
cx path[0], word[11];
cx path[0], word[12];
cx path[0], word[13];
cx path[0], word[14];
cx path[1], path[0];
h path[0];
m[57] = measure path[0];
if (m[57] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[58] = measure path[1];
if (m[58] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
h path[2];
m[59] = measure path[2];
if (m[59] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
h path[3];
m[60] = measure path[3];
if (m[60] == 1) {
  cz path[4], index[3];
  x path[3];
}
cx index[5], path[4];
h path[4];
m[61] = measure path[4];
if (m[61] == 1) {
  cz index[5], index[4];
  x path[4];
}
x index[5];
