OPENQASM 3.0;
include "stdgates.inc";
// oracle_textbook_measured, (n, d, b) = (16, 2, 3)
// |j> -> -|j> where <q, K_j> >= tau; undone by measurement
qubit[4] index;
qubit[3] key;
qubit[5] score;
qubit[4] carry;
qubit[3] path;
bit[72] m;
x score[1];
x score[2];
barrier index, key, score, carry, path;
ccx index[3], index[2], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[1];
cx path[1], path[0];
cx path[1], path[0];
h path[0];
m[0] = measure path[0];
if (m[0]) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[0];
cx path[1], path[0];
h path[0];
m[1] = measure path[0];
if (m[1]) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[2] = measure path[1];
if (m[2]) {
  cz path[2], index[1];
  x path[1];
}
cx index[3], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[3] = measure path[0];
if (m[3]) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[4] = measure path[0];
if (m[4]) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[5] = measure path[1];
if (m[5]) {
  cz path[2], index[1];
  x path[1];
}
cx index[3], path[2];
h path[2];
m[6] = measure path[2];
if (m[6]) {
  cz index[3], index[2];
  x path[2];
}
x index[3];
ccx index[3], index[2], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[1], path[0];
h path[0];
m[7] = measure path[0];
if (m[7]) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[0];
cx path[1], path[0];
h path[0];
m[8] = measure path[0];
if (m[8]) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[9] = measure path[1];
if (m[9]) {
  cz path[2], index[1];
  x path[1];
}
cx index[3], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[10] = measure path[0];
if (m[10]) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[11] = measure path[0];
if (m[11]) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[12] = measure path[1];
if (m[12]) {
  cz path[2], index[1];
  x path[1];
}
cx index[3], path[2];
h path[2];
m[13] = measure path[2];
if (m[13]) {
  cz index[3], index[2];
  x path[2];
}
x index[3];
barrier index, key, score, carry, path;
barrier index, key, score, carry, path;
x score[0];
x score[1];
x score[2];
x score[3];
x score[4];
ccx key[0], score[0], carry[0];
cx carry[0], key[1];
cx carry[0], score[1];
ccx key[1], score[1], carry[1];
cx carry[0], carry[1];
cx carry[1], key[2];
cx carry[1], score[2];
ccx key[2], score[2], carry[2];
cx carry[1], carry[2];
ccx carry[2], score[3], carry[3];
cx carry[3], score[4];
h carry[3];
m[14] = measure carry[3];
if (m[14]) {
  cz carry[2], score[3];
  x carry[3];
}
cx carry[2], score[3];
cx carry[1], carry[2];
h carry[2];
m[15] = measure carry[2];
if (m[15]) {
  cz key[2], score[2];
  x carry[2];
}
cx carry[1], key[2];
cx key[2], score[2];
cx carry[0], carry[1];
h carry[1];
m[16] = measure carry[1];
if (m[16]) {
  cz key[1], score[1];
  x carry[1];
}
cx carry[0], key[1];
cx key[1], score[1];
h carry[0];
m[17] = measure carry[0];
if (m[17]) {
  cz key[0], score[0];
  x carry[0];
}
cx key[0], score[0];
x score[0];
x score[1];
x score[2];
x score[3];
x score[4];
barrier index, key, score, carry, path;
barrier index, key, score, carry, path;
ccx index[3], index[2], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[1], path[0];
h path[0];
m[18] = measure path[0];
if (m[18]) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[0];
cx path[1], path[0];
h path[0];
m[19] = measure path[0];
if (m[19]) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[20] = measure path[1];
if (m[20]) {
  cz path[2], index[1];
  x path[1];
}
cx index[3], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
cx path[1], path[0];
h path[0];
m[21] = measure path[0];
if (m[21]) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[1];
cx path[1], path[0];
h path[0];
m[22] = measure path[0];
if (m[22]) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[23] = measure path[1];
if (m[23]) {
  cz path[2], index[1];
  x path[1];
}
cx index[3], path[2];
h path[2];
m[24] = measure path[2];
if (m[24]) {
  cz index[3], index[2];
  x path[2];
}
x index[3];
ccx index[3], index[2], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[25] = measure path[0];
if (m[25]) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[0];
cx path[1], path[0];
h path[0];
m[26] = measure path[0];
if (m[26]) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[27] = measure path[1];
if (m[27]) {
  cz path[2], index[1];
  x path[1];
}
cx index[3], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[28] = measure path[0];
if (m[28]) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[29] = measure path[0];
if (m[29]) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[30] = measure path[1];
if (m[30]) {
  cz path[2], index[1];
  x path[1];
}
cx index[3], path[2];
h path[2];
m[31] = measure path[2];
if (m[31]) {
  cz index[3], index[2];
  x path[2];
}
x index[3];
barrier index, key, score, carry, path;
barrier index, key, score, carry, path;
ccx key[0], score[0], carry[0];
cx carry[0], key[1];
cx carry[0], score[1];
ccx key[1], score[1], carry[1];
cx carry[0], carry[1];
cx carry[1], key[2];
cx carry[1], score[2];
ccx key[2], score[2], carry[2];
cx carry[1], carry[2];
ccx carry[2], score[3], carry[3];
cx carry[3], score[4];
h carry[3];
m[32] = measure carry[3];
if (m[32]) {
  cz carry[2], score[3];
  x carry[3];
}
cx carry[2], score[3];
cx carry[1], carry[2];
h carry[2];
m[33] = measure carry[2];
if (m[33]) {
  cz key[2], score[2];
  x carry[2];
}
cx carry[1], key[2];
cx key[2], score[2];
cx carry[0], carry[1];
h carry[1];
m[34] = measure carry[1];
if (m[34]) {
  cz key[1], score[1];
  x carry[1];
}
cx carry[0], key[1];
cx key[1], score[1];
h carry[0];
m[35] = measure carry[0];
if (m[35]) {
  cz key[0], score[0];
  x carry[0];
}
cx key[0], score[0];
barrier index, key, score, carry, path;
z score[4];
barrier index, key, score, carry, path;
cx key[0], score[0];
ccx key[0], score[0], carry[0];
cx key[1], score[1];
cx carry[0], key[1];
ccx key[1], score[1], carry[1];
cx carry[0], carry[1];
cx key[2], score[2];
cx carry[1], key[2];
ccx key[2], score[2], carry[2];
cx carry[1], carry[2];
cx carry[2], score[3];
ccx carry[2], score[3], carry[3];
cx carry[3], score[4];
h carry[3];
m[36] = measure carry[3];
if (m[36]) {
  cz carry[2], score[3];
  x carry[3];
}
cx carry[1], carry[2];
h carry[2];
m[37] = measure carry[2];
if (m[37]) {
  cz key[2], score[2];
  x carry[2];
}
cx carry[1], score[2];
cx carry[1], key[2];
cx carry[0], carry[1];
h carry[1];
m[38] = measure carry[1];
if (m[38]) {
  cz key[1], score[1];
  x carry[1];
}
cx carry[0], score[1];
cx carry[0], key[1];
h carry[0];
m[39] = measure carry[0];
if (m[39]) {
  cz key[0], score[0];
  x carry[0];
}
barrier index, key, score, carry, path;
barrier index, key, score, carry, path;
x index[3];
ccx index[3], index[2], path[2];
cx index[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[0];
h path[0];
m[40] = measure path[0];
if (m[40]) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[1];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[0];
h path[0];
m[41] = measure path[0];
if (m[41]) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[42] = measure path[1];
if (m[42]) {
  cz path[2], index[1];
  x path[1];
}
cx index[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[0];
h path[0];
m[43] = measure path[0];
if (m[43]) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[1];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[0];
h path[0];
m[44] = measure path[0];
if (m[44]) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[45] = measure path[1];
if (m[45]) {
  cz path[2], index[1];
  x path[1];
}
h path[2];
m[46] = measure path[2];
if (m[46]) {
  cz index[3], index[2];
  x path[2];
}
x index[3];
ccx index[3], index[2], path[2];
cx index[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[0];
h path[0];
m[47] = measure path[0];
if (m[47]) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[1];
h path[0];
m[48] = measure path[0];
if (m[48]) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[49] = measure path[1];
if (m[49]) {
  cz path[2], index[1];
  x path[1];
}
cx index[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[1];
h path[0];
m[50] = measure path[0];
if (m[50]) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[0];
h path[0];
m[51] = measure path[0];
if (m[51]) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[52] = measure path[1];
if (m[52]) {
  cz path[2], index[1];
  x path[1];
}
h path[2];
m[53] = measure path[2];
if (m[53]) {
  cz index[3], index[2];
  x path[2];
}
barrier index, key, score, carry, path;
barrier index, key, score, carry, path;
x score[4];
x score[3];
x score[2];
x score[1];
x score[0];
cx key[0], score[0];
ccx key[0], score[0], carry[0];
cx key[1], score[1];
cx carry[0], key[1];
ccx key[1], score[1], carry[1];
cx carry[0], carry[1];
cx key[2], score[2];
cx carry[1], key[2];
ccx key[2], score[2], carry[2];
cx carry[1], carry[2];
cx carry[2], score[3];
ccx carry[2], score[3], carry[3];
cx carry[3], score[4];
h carry[3];
m[54] = measure carry[3];
if (m[54]) {
  cz carry[2], score[3];
  x carry[3];
}
cx carry[1], carry[2];
h carry[2];
m[55] = measure carry[2];
if (m[55]) {
  cz key[2], score[2];
  x carry[2];
}
cx carry[1], score[2];
cx carry[1], key[2];
cx carry[0], carry[1];
h carry[1];
m[56] = measure carry[1];
if (m[56]) {
  cz key[1], score[1];
  x carry[1];
}
cx carry[0], score[1];
cx carry[0], key[1];
h carry[0];
m[57] = measure carry[0];
if (m[57]) {
  cz key[0], score[0];
  x carry[0];
}
x score[4];
x score[3];
x score[2];
x score[1];
x score[0];
barrier index, key, score, carry, path;
barrier index, key, score, carry, path;
x index[3];
ccx index[3], index[2], path[2];
cx index[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[0];
h path[0];
m[58] = measure path[0];
if (m[58]) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[1];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[2];
h path[0];
m[59] = measure path[0];
if (m[59]) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[60] = measure path[1];
if (m[60]) {
  cz path[2], index[1];
  x path[1];
}
cx index[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[1];
cx path[0], key[0];
h path[0];
m[61] = measure path[0];
if (m[61]) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[1];
cx path[0], key[0];
h path[0];
m[62] = measure path[0];
if (m[62]) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[63] = measure path[1];
if (m[63]) {
  cz path[2], index[1];
  x path[1];
}
h path[2];
m[64] = measure path[2];
if (m[64]) {
  cz index[3], index[2];
  x path[2];
}
x index[3];
ccx index[3], index[2], path[2];
cx index[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[1];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[0];
h path[0];
m[65] = measure path[0];
if (m[65]) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[1];
h path[0];
m[66] = measure path[0];
if (m[66]) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[67] = measure path[1];
if (m[67]) {
  cz path[2], index[1];
  x path[1];
}
cx index[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[1];
h path[0];
m[68] = measure path[0];
if (m[68]) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[1], path[0];
cx path[0], key[1];
h path[0];
m[69] = measure path[0];
if (m[69]) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[70] = measure path[1];
if (m[70]) {
  cz path[2], index[1];
  x path[1];
}
h path[2];
m[71] = measure path[2];
if (m[71]) {
  cz index[3], index[2];
  x path[2];
}
barrier index, key, score, carry, path;
x score[2];
x score[1];
