OPENQASM 3.0;
include "stdgates.inc";
// oracle_textbook_measured, (n, d, b) = (64, 4, 4)
// |j> -> -|j> where <q, K_j> >= tau; undone by measurement
qubit[6] index;
qubit[4] key;
qubit[9] score;
qubit[8] carry;
qubit[5] path;
bit[444] m;
x score[1];
x score[6];
barrier index, key, score, carry, path;
ccx index[5], index[4], path[4];
ccx path[4], index[3], path[3];
ccx path[3], index[2], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[0] = measure path[0];
if (m[0] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[1];
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
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[3] = measure path[0];
if (m[3] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[3];
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
cx path[0], key[1];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[7] = measure path[0];
if (m[7] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[0], key[3];
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
cx path[0], key[1];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[0];
cx path[1], path[0];
h path[0];
m[10] = measure path[0];
if (m[10] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[3];
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
cx path[0], key[0];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[15] = measure path[0];
if (m[15] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[3];
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
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[18] = measure path[0];
if (m[18] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[3];
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
cx path[0], key[0];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[22] = measure path[0];
if (m[22] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[0], key[3];
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
cx path[0], key[1];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
cx path[1], path[0];
h path[0];
m[25] = measure path[0];
if (m[25] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[3];
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
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[1], path[0];
h path[0];
m[31] = measure path[0];
if (m[31] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[2];
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
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[1], path[0];
h path[0];
m[34] = measure path[0];
if (m[34] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[2];
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
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[38] = measure path[0];
if (m[38] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
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
cx path[0], key[0];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[41] = measure path[0];
if (m[41] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[2];
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
cx path[0], key[0];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[46] = measure path[0];
if (m[46] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[3];
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
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[1];
cx path[1], path[0];
h path[0];
m[49] = measure path[0];
if (m[49] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[0], key[3];
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
cx path[0], key[0];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[1];
cx path[1], path[0];
h path[0];
m[53] = measure path[0];
if (m[53] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[2];
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
cx path[0], key[1];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[56] = measure path[0];
if (m[56] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[3];
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
cx carry[2], key[3];
cx carry[2], score[3];
ccx key[3], score[3], carry[3];
cx carry[2], carry[3];
ccx carry[3], score[4], carry[4];
ccx carry[4], score[5], carry[5];
ccx carry[5], score[6], carry[6];
ccx carry[6], score[7], carry[7];
cx carry[7], score[8];
h carry[7];
m[62] = measure carry[7];
if (m[62] == 1) {
  cz carry[6], score[7];
  x carry[7];
}
cx carry[6], score[7];
h carry[6];
m[63] = measure carry[6];
if (m[63] == 1) {
  cz carry[5], score[6];
  x carry[6];
}
cx carry[5], score[6];
h carry[5];
m[64] = measure carry[5];
if (m[64] == 1) {
  cz carry[4], score[5];
  x carry[5];
}
cx carry[4], score[5];
h carry[4];
m[65] = measure carry[4];
if (m[65] == 1) {
  cz carry[3], score[4];
  x carry[4];
}
cx carry[3], score[4];
cx carry[2], carry[3];
h carry[3];
m[66] = measure carry[3];
if (m[66] == 1) {
  cz key[3], score[3];
  x carry[3];
}
cx carry[2], key[3];
cx key[3], score[3];
cx carry[1], carry[2];
h carry[2];
m[67] = measure carry[2];
if (m[67] == 1) {
  cz key[2], score[2];
  x carry[2];
}
cx carry[1], key[2];
cx key[2], score[2];
cx carry[0], carry[1];
h carry[1];
m[68] = measure carry[1];
if (m[68] == 1) {
  cz key[1], score[1];
  x carry[1];
}
cx carry[0], key[1];
cx key[1], score[1];
h carry[0];
m[69] = measure carry[0];
if (m[69] == 1) {
  cz key[0], score[0];
  x carry[0];
}
cx key[0], score[0];
barrier index, key, score, carry, path;
barrier index, key, score, carry, path;
ccx key[0], score[2], carry[0];
cx carry[0], key[1];
cx carry[0], score[3];
ccx key[1], score[3], carry[1];
cx carry[0], carry[1];
cx carry[1], key[2];
cx carry[1], score[4];
ccx key[2], score[4], carry[2];
cx carry[1], carry[2];
cx carry[2], key[3];
cx carry[2], score[5];
ccx key[3], score[5], carry[3];
cx carry[2], carry[3];
ccx carry[3], score[6], carry[4];
ccx carry[4], score[7], carry[5];
cx carry[5], score[8];
h carry[5];
m[70] = measure carry[5];
if (m[70] == 1) {
  cz carry[4], score[7];
  x carry[5];
}
cx carry[4], score[7];
h carry[4];
m[71] = measure carry[4];
if (m[71] == 1) {
  cz carry[3], score[6];
  x carry[4];
}
cx carry[3], score[6];
cx carry[2], carry[3];
h carry[3];
m[72] = measure carry[3];
if (m[72] == 1) {
  cz key[3], score[5];
  x carry[3];
}
cx carry[2], key[3];
cx key[3], score[5];
cx carry[1], carry[2];
h carry[2];
m[73] = measure carry[2];
if (m[73] == 1) {
  cz key[2], score[4];
  x carry[2];
}
cx carry[1], key[2];
cx key[2], score[4];
cx carry[0], carry[1];
h carry[1];
m[74] = measure carry[1];
if (m[74] == 1) {
  cz key[1], score[3];
  x carry[1];
}
cx carry[0], key[1];
cx key[1], score[3];
h carry[0];
m[75] = measure carry[0];
if (m[75] == 1) {
  cz key[0], score[2];
  x carry[0];
}
cx key[0], score[2];
barrier index, key, score, carry, path;
barrier index, key, score, carry, path;
ccx index[5], index[4], path[4];
ccx path[4], index[3], path[3];
ccx path[3], index[2], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[76] = measure path[0];
if (m[76] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[0];
cx path[1], path[0];
h path[0];
m[77] = measure path[0];
if (m[77] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[78] = measure path[1];
if (m[78] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[79] = measure path[0];
if (m[79] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[80] = measure path[0];
if (m[80] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[81] = measure path[1];
if (m[81] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
h path[2];
m[82] = measure path[2];
if (m[82] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
ccx path[3], index[2], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[83] = measure path[0];
if (m[83] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[84] = measure path[0];
if (m[84] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[85] = measure path[1];
if (m[85] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[1], path[0];
h path[0];
m[86] = measure path[0];
if (m[86] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[87] = measure path[0];
if (m[87] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[88] = measure path[1];
if (m[88] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
h path[2];
m[89] = measure path[2];
if (m[89] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
h path[3];
m[90] = measure path[3];
if (m[90] == 1) {
  cz path[4], index[3];
  x path[3];
}
cx index[5], path[4];
ccx path[4], index[3], path[3];
ccx path[3], index[2], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[91] = measure path[0];
if (m[91] == 1) {
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
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[92] = measure path[0];
if (m[92] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[93] = measure path[1];
if (m[93] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[1];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[1], path[0];
h path[0];
m[94] = measure path[0];
if (m[94] == 1) {
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
cx path[0], key[1];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[95] = measure path[0];
if (m[95] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[96] = measure path[1];
if (m[96] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
h path[2];
m[97] = measure path[2];
if (m[97] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
ccx path[3], index[2], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[0];
cx path[1], path[0];
h path[0];
m[98] = measure path[0];
if (m[98] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[99] = measure path[0];
if (m[99] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[100] = measure path[1];
if (m[100] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[101] = measure path[0];
if (m[101] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[1], path[0];
h path[0];
m[102] = measure path[0];
if (m[102] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[103] = measure path[1];
if (m[103] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
h path[2];
m[104] = measure path[2];
if (m[104] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
h path[3];
m[105] = measure path[3];
if (m[105] == 1) {
  cz path[4], index[3];
  x path[3];
}
cx index[5], path[4];
h path[4];
m[106] = measure path[4];
if (m[106] == 1) {
  cz index[5], index[4];
  x path[4];
}
x index[5];
ccx index[5], index[4], path[4];
ccx path[4], index[3], path[3];
ccx path[3], index[2], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[1], path[0];
h path[0];
m[107] = measure path[0];
if (m[107] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[108] = measure path[0];
if (m[108] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[109] = measure path[1];
if (m[109] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[110] = measure path[0];
if (m[110] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[111] = measure path[0];
if (m[111] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[112] = measure path[1];
if (m[112] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
h path[2];
m[113] = measure path[2];
if (m[113] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
ccx path[3], index[2], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[114] = measure path[0];
if (m[114] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[2];
cx path[1], path[0];
cx path[1], path[0];
h path[0];
m[115] = measure path[0];
if (m[115] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[116] = measure path[1];
if (m[116] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[117] = measure path[0];
if (m[117] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[118] = measure path[0];
if (m[118] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[119] = measure path[1];
if (m[119] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
h path[2];
m[120] = measure path[2];
if (m[120] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
h path[3];
m[121] = measure path[3];
if (m[121] == 1) {
  cz path[4], index[3];
  x path[3];
}
cx index[5], path[4];
ccx path[4], index[3], path[3];
ccx path[3], index[2], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[3];
cx path[1], path[0];
cx path[1], path[0];
h path[0];
m[122] = measure path[0];
if (m[122] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[1];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[1];
cx path[1], path[0];
h path[0];
m[123] = measure path[0];
if (m[123] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[124] = measure path[1];
if (m[124] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
cx path[1], path[0];
h path[0];
m[125] = measure path[0];
if (m[125] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[126] = measure path[0];
if (m[126] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[127] = measure path[1];
if (m[127] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
h path[2];
m[128] = measure path[2];
if (m[128] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
ccx path[3], index[2], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[1];
cx path[1], path[0];
h path[0];
m[129] = measure path[0];
if (m[129] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[130] = measure path[0];
if (m[130] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[131] = measure path[1];
if (m[131] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[132] = measure path[0];
if (m[132] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[133] = measure path[0];
if (m[133] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[134] = measure path[1];
if (m[134] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
h path[2];
m[135] = measure path[2];
if (m[135] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
h path[3];
m[136] = measure path[3];
if (m[136] == 1) {
  cz path[4], index[3];
  x path[3];
}
cx index[5], path[4];
h path[4];
m[137] = measure path[4];
if (m[137] == 1) {
  cz index[5], index[4];
  x path[4];
}
x index[5];
barrier index, key, score, carry, path;
barrier index, key, score, carry, path;
x score[0];
x score[1];
x score[2];
x score[3];
x score[4];
x score[5];
x score[6];
x score[7];
x score[8];
ccx key[0], score[0], carry[0];
cx carry[0], key[1];
cx carry[0], score[1];
ccx key[1], score[1], carry[1];
cx carry[0], carry[1];
cx carry[1], key[2];
cx carry[1], score[2];
ccx key[2], score[2], carry[2];
cx carry[1], carry[2];
cx carry[2], key[3];
cx carry[2], score[3];
ccx key[3], score[3], carry[3];
cx carry[2], carry[3];
ccx carry[3], score[4], carry[4];
ccx carry[4], score[5], carry[5];
ccx carry[5], score[6], carry[6];
ccx carry[6], score[7], carry[7];
cx carry[7], score[8];
h carry[7];
m[138] = measure carry[7];
if (m[138] == 1) {
  cz carry[6], score[7];
  x carry[7];
}
cx carry[6], score[7];
h carry[6];
m[139] = measure carry[6];
if (m[139] == 1) {
  cz carry[5], score[6];
  x carry[6];
}
cx carry[5], score[6];
h carry[5];
m[140] = measure carry[5];
if (m[140] == 1) {
  cz carry[4], score[5];
  x carry[5];
}
cx carry[4], score[5];
h carry[4];
m[141] = measure carry[4];
if (m[141] == 1) {
  cz carry[3], score[4];
  x carry[4];
}
cx carry[3], score[4];
cx carry[2], carry[3];
h carry[3];
m[142] = measure carry[3];
if (m[142] == 1) {
  cz key[3], score[3];
  x carry[3];
}
cx carry[2], key[3];
cx key[3], score[3];
cx carry[1], carry[2];
h carry[2];
m[143] = measure carry[2];
if (m[143] == 1) {
  cz key[2], score[2];
  x carry[2];
}
cx carry[1], key[2];
cx key[2], score[2];
cx carry[0], carry[1];
h carry[1];
m[144] = measure carry[1];
if (m[144] == 1) {
  cz key[1], score[1];
  x carry[1];
}
cx carry[0], key[1];
cx key[1], score[1];
h carry[0];
m[145] = measure carry[0];
if (m[145] == 1) {
  cz key[0], score[0];
  x carry[0];
}
cx key[0], score[0];
x score[0];
x score[1];
x score[2];
x score[3];
x score[4];
x score[5];
x score[6];
x score[7];
x score[8];
barrier index, key, score, carry, path;
barrier index, key, score, carry, path;
ccx index[5], index[4], path[4];
ccx path[4], index[3], path[3];
ccx path[3], index[2], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[146] = measure path[0];
if (m[146] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[147] = measure path[0];
if (m[147] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[148] = measure path[1];
if (m[148] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[1], path[0];
h path[0];
m[149] = measure path[0];
if (m[149] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[150] = measure path[0];
if (m[150] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[151] = measure path[1];
if (m[151] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
h path[2];
m[152] = measure path[2];
if (m[152] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
ccx path[3], index[2], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[153] = measure path[0];
if (m[153] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[154] = measure path[0];
if (m[154] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[155] = measure path[1];
if (m[155] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[156] = measure path[0];
if (m[156] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[157] = measure path[0];
if (m[157] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[158] = measure path[1];
if (m[158] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
h path[2];
m[159] = measure path[2];
if (m[159] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
h path[3];
m[160] = measure path[3];
if (m[160] == 1) {
  cz path[4], index[3];
  x path[3];
}
cx index[5], path[4];
ccx path[4], index[3], path[3];
ccx path[3], index[2], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[161] = measure path[0];
if (m[161] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[162] = measure path[0];
if (m[162] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[163] = measure path[1];
if (m[163] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[164] = measure path[0];
if (m[164] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[165] = measure path[0];
if (m[165] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[166] = measure path[1];
if (m[166] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
h path[2];
m[167] = measure path[2];
if (m[167] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
ccx path[3], index[2], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[0];
cx path[1], path[0];
h path[0];
m[168] = measure path[0];
if (m[168] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
cx path[1], path[0];
h path[0];
m[169] = measure path[0];
if (m[169] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[170] = measure path[1];
if (m[170] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[171] = measure path[0];
if (m[171] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[172] = measure path[0];
if (m[172] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[173] = measure path[1];
if (m[173] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
h path[2];
m[174] = measure path[2];
if (m[174] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
h path[3];
m[175] = measure path[3];
if (m[175] == 1) {
  cz path[4], index[3];
  x path[3];
}
cx index[5], path[4];
h path[4];
m[176] = measure path[4];
if (m[176] == 1) {
  cz index[5], index[4];
  x path[4];
}
x index[5];
ccx index[5], index[4], path[4];
ccx path[4], index[3], path[3];
ccx path[3], index[2], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[177] = measure path[0];
if (m[177] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[1], path[0];
h path[0];
m[178] = measure path[0];
if (m[178] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[179] = measure path[1];
if (m[179] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[1];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[180] = measure path[0];
if (m[180] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[181] = measure path[0];
if (m[181] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[182] = measure path[1];
if (m[182] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
h path[2];
m[183] = measure path[2];
if (m[183] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
ccx path[3], index[2], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[184] = measure path[0];
if (m[184] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[1];
cx path[1], path[0];
h path[0];
m[185] = measure path[0];
if (m[185] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[186] = measure path[1];
if (m[186] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[187] = measure path[0];
if (m[187] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[188] = measure path[0];
if (m[188] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[189] = measure path[1];
if (m[189] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
h path[2];
m[190] = measure path[2];
if (m[190] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
h path[3];
m[191] = measure path[3];
if (m[191] == 1) {
  cz path[4], index[3];
  x path[3];
}
cx index[5], path[4];
ccx path[4], index[3], path[3];
ccx path[3], index[2], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[1];
cx path[1], path[0];
h path[0];
m[192] = measure path[0];
if (m[192] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[1];
cx path[1], path[0];
h path[0];
m[193] = measure path[0];
if (m[193] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[194] = measure path[1];
if (m[194] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[195] = measure path[0];
if (m[195] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[196] = measure path[0];
if (m[196] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[197] = measure path[1];
if (m[197] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
h path[2];
m[198] = measure path[2];
if (m[198] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
ccx path[3], index[2], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[0];
cx path[0], key[1];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[199] = measure path[0];
if (m[199] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[200] = measure path[0];
if (m[200] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[201] = measure path[1];
if (m[201] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[0];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
h path[0];
m[202] = measure path[0];
if (m[202] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], key[1];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[203] = measure path[0];
if (m[203] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
h path[1];
m[204] = measure path[1];
if (m[204] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
h path[2];
m[205] = measure path[2];
if (m[205] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
h path[3];
m[206] = measure path[3];
if (m[206] == 1) {
  cz path[4], index[3];
  x path[3];
}
cx index[5], path[4];
h path[4];
m[207] = measure path[4];
if (m[207] == 1) {
  cz index[5], index[4];
  x path[4];
}
x index[5];
barrier index, key, score, carry, path;
barrier index, key, score, carry, path;
x score[0];
x score[1];
x score[2];
x score[3];
x score[4];
x score[5];
x score[6];
x score[7];
x score[8];
ccx key[0], score[0], carry[0];
cx carry[0], key[1];
cx carry[0], score[1];
ccx key[1], score[1], carry[1];
cx carry[0], carry[1];
cx carry[1], key[2];
cx carry[1], score[2];
ccx key[2], score[2], carry[2];
cx carry[1], carry[2];
cx carry[2], key[3];
cx carry[2], score[3];
ccx key[3], score[3], carry[3];
cx carry[2], carry[3];
ccx carry[3], score[4], carry[4];
ccx carry[4], score[5], carry[5];
ccx carry[5], score[6], carry[6];
ccx carry[6], score[7], carry[7];
cx carry[7], score[8];
h carry[7];
m[208] = measure carry[7];
if (m[208] == 1) {
  cz carry[6], score[7];
  x carry[7];
}
cx carry[6], score[7];
h carry[6];
m[209] = measure carry[6];
if (m[209] == 1) {
  cz carry[5], score[6];
  x carry[6];
}
cx carry[5], score[6];
h carry[5];
m[210] = measure carry[5];
if (m[210] == 1) {
  cz carry[4], score[5];
  x carry[5];
}
cx carry[4], score[5];
h carry[4];
m[211] = measure carry[4];
if (m[211] == 1) {
  cz carry[3], score[4];
  x carry[4];
}
cx carry[3], score[4];
cx carry[2], carry[3];
h carry[3];
m[212] = measure carry[3];
if (m[212] == 1) {
  cz key[3], score[3];
  x carry[3];
}
cx carry[2], key[3];
cx key[3], score[3];
cx carry[1], carry[2];
h carry[2];
m[213] = measure carry[2];
if (m[213] == 1) {
  cz key[2], score[2];
  x carry[2];
}
cx carry[1], key[2];
cx key[2], score[2];
cx carry[0], carry[1];
h carry[1];
m[214] = measure carry[1];
if (m[214] == 1) {
  cz key[1], score[1];
  x carry[1];
}
cx carry[0], key[1];
cx key[1], score[1];
h carry[0];
m[215] = measure carry[0];
if (m[215] == 1) {
  cz key[0], score[0];
  x carry[0];
}
cx key[0], score[0];
x score[0];
x score[1];
x score[2];
x score[3];
x score[4];
x score[5];
x score[6];
x score[7];
x score[8];
barrier index, key, score, carry, path;
barrier index, key, score, carry, path;
x score[2];
x score[3];
x score[4];
x score[5];
x score[6];
x score[7];
x score[8];
ccx key[0], score[2], carry[0];
cx carry[0], key[1];
cx carry[0], score[3];
ccx key[1], score[3], carry[1];
cx carry[0], carry[1];
cx carry[1], key[2];
cx carry[1], score[4];
ccx key[2], score[4], carry[2];
cx carry[1], carry[2];
cx carry[2], key[3];
cx carry[2], score[5];
ccx key[3], score[5], carry[3];
cx carry[2], carry[3];
ccx carry[3], score[6], carry[4];
ccx carry[4], score[7], carry[5];
cx carry[5], score[8];
h carry[5];
m[216] = measure carry[5];
if (m[216] == 1) {
  cz carry[4], score[7];
  x carry[5];
}
cx carry[4], score[7];
h carry[4];
m[217] = measure carry[4];
if (m[217] == 1) {
  cz carry[3], score[6];
  x carry[4];
}
cx carry[3], score[6];
cx carry[2], carry[3];
h carry[3];
m[218] = measure carry[3];
if (m[218] == 1) {
  cz key[3], score[5];
  x carry[3];
}
cx carry[2], key[3];
cx key[3], score[5];
cx carry[1], carry[2];
h carry[2];
m[219] = measure carry[2];
if (m[219] == 1) {
  cz key[2], score[4];
  x carry[2];
}
cx carry[1], key[2];
cx key[2], score[4];
cx carry[0], carry[1];
h carry[1];
m[220] = measure carry[1];
if (m[220] == 1) {
  cz key[1], score[3];
  x carry[1];
}
cx carry[0], key[1];
cx key[1], score[3];
h carry[0];
m[221] = measure carry[0];
if (m[221] == 1) {
  cz key[0], score[2];
  x carry[0];
}
cx key[0], score[2];
x score[2];
x score[3];
x score[4];
x score[5];
x score[6];
x score[7];
x score[8];
barrier index, key, score, carry, path;
z score[8];
barrier index, key, score, carry, path;
x score[8];
x score[7];
x score[6];
x score[5];
x score[4];
x score[3];
x score[2];
cx key[0], score[2];
ccx key[0], score[2], carry[0];
cx key[1], score[3];
cx carry[0], key[1];
ccx key[1], score[3], carry[1];
cx carry[0], carry[1];
cx key[2], score[4];
cx carry[1], key[2];
ccx key[2], score[4], carry[2];
cx carry[1], carry[2];
cx key[3], score[5];
cx carry[2], key[3];
ccx key[3], score[5], carry[3];
cx carry[2], carry[3];
cx carry[3], score[6];
ccx carry[3], score[6], carry[4];
cx carry[4], score[7];
ccx carry[4], score[7], carry[5];
cx carry[5], score[8];
h carry[5];
m[222] = measure carry[5];
if (m[222] == 1) {
  cz carry[4], score[7];
  x carry[5];
}
h carry[4];
m[223] = measure carry[4];
if (m[223] == 1) {
  cz carry[3], score[6];
  x carry[4];
}
cx carry[2], carry[3];
h carry[3];
m[224] = measure carry[3];
if (m[224] == 1) {
  cz key[3], score[5];
  x carry[3];
}
cx carry[2], score[5];
cx carry[2], key[3];
cx carry[1], carry[2];
h carry[2];
m[225] = measure carry[2];
if (m[225] == 1) {
  cz key[2], score[4];
  x carry[2];
}
cx carry[1], score[4];
cx carry[1], key[2];
cx carry[0], carry[1];
h carry[1];
m[226] = measure carry[1];
if (m[226] == 1) {
  cz key[1], score[3];
  x carry[1];
}
cx carry[0], score[3];
cx carry[0], key[1];
h carry[0];
m[227] = measure carry[0];
if (m[227] == 1) {
  cz key[0], score[2];
  x carry[0];
}
x score[8];
x score[7];
x score[6];
x score[5];
x score[4];
x score[3];
x score[2];
barrier index, key, score, carry, path;
barrier index, key, score, carry, path;
x score[8];
x score[7];
x score[6];
x score[5];
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
cx key[3], score[3];
cx carry[2], key[3];
ccx key[3], score[3], carry[3];
cx carry[2], carry[3];
cx carry[3], score[4];
ccx carry[3], score[4], carry[4];
cx carry[4], score[5];
ccx carry[4], score[5], carry[5];
cx carry[5], score[6];
ccx carry[5], score[6], carry[6];
cx carry[6], score[7];
ccx carry[6], score[7], carry[7];
cx carry[7], score[8];
h carry[7];
m[228] = measure carry[7];
if (m[228] == 1) {
  cz carry[6], score[7];
  x carry[7];
}
h carry[6];
m[229] = measure carry[6];
if (m[229] == 1) {
  cz carry[5], score[6];
  x carry[6];
}
h carry[5];
m[230] = measure carry[5];
if (m[230] == 1) {
  cz carry[4], score[5];
  x carry[5];
}
h carry[4];
m[231] = measure carry[4];
if (m[231] == 1) {
  cz carry[3], score[4];
  x carry[4];
}
cx carry[2], carry[3];
h carry[3];
m[232] = measure carry[3];
if (m[232] == 1) {
  cz key[3], score[3];
  x carry[3];
}
cx carry[2], score[3];
cx carry[2], key[3];
cx carry[1], carry[2];
h carry[2];
m[233] = measure carry[2];
if (m[233] == 1) {
  cz key[2], score[2];
  x carry[2];
}
cx carry[1], score[2];
cx carry[1], key[2];
cx carry[0], carry[1];
h carry[1];
m[234] = measure carry[1];
if (m[234] == 1) {
  cz key[1], score[1];
  x carry[1];
}
cx carry[0], score[1];
cx carry[0], key[1];
h carry[0];
m[235] = measure carry[0];
if (m[235] == 1) {
  cz key[0], score[0];
  x carry[0];
}
x score[8];
x score[7];
x score[6];
x score[5];
x score[4];
x score[3];
x score[2];
x score[1];
x score[0];
barrier index, key, score, carry, path;
barrier index, key, score, carry, path;
x index[5];
ccx index[5], index[4], path[4];
cx index[5], path[4];
ccx path[4], index[3], path[3];
cx path[4], path[3];
ccx path[3], index[2], path[2];
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[1];
h path[0];
m[236] = measure path[0];
if (m[236] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[0];
h path[0];
m[237] = measure path[0];
if (m[237] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[238] = measure path[1];
if (m[238] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[1];
h path[0];
m[239] = measure path[0];
if (m[239] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[1];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[1];
cx path[0], key[0];
h path[0];
m[240] = measure path[0];
if (m[240] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[241] = measure path[1];
if (m[241] == 1) {
  cz path[2], index[1];
  x path[1];
}
h path[2];
m[242] = measure path[2];
if (m[242] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
ccx path[3], index[2], path[2];
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[1];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
h path[0];
m[243] = measure path[0];
if (m[243] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[1];
cx path[0], key[0];
h path[0];
m[244] = measure path[0];
if (m[244] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[245] = measure path[1];
if (m[245] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[1];
cx path[0], key[0];
h path[0];
m[246] = measure path[0];
if (m[246] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[0];
h path[0];
m[247] = measure path[0];
if (m[247] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[248] = measure path[1];
if (m[248] == 1) {
  cz path[2], index[1];
  x path[1];
}
h path[2];
m[249] = measure path[2];
if (m[249] == 1) {
  cz path[3], index[2];
  x path[2];
}
h path[3];
m[250] = measure path[3];
if (m[250] == 1) {
  cz path[4], index[3];
  x path[3];
}
cx index[5], path[4];
ccx path[4], index[3], path[3];
cx path[4], path[3];
ccx path[3], index[2], path[2];
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[1];
cx path[0], key[0];
h path[0];
m[251] = measure path[0];
if (m[251] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[0];
h path[0];
m[252] = measure path[0];
if (m[252] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[253] = measure path[1];
if (m[253] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[1];
cx path[0], key[0];
h path[0];
m[254] = measure path[0];
if (m[254] == 1) {
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
m[255] = measure path[0];
if (m[255] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[256] = measure path[1];
if (m[256] == 1) {
  cz path[2], index[1];
  x path[1];
}
h path[2];
m[257] = measure path[2];
if (m[257] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
ccx path[3], index[2], path[2];
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[1];
h path[0];
m[258] = measure path[0];
if (m[258] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[1];
h path[0];
m[259] = measure path[0];
if (m[259] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[260] = measure path[1];
if (m[260] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
h path[0];
m[261] = measure path[0];
if (m[261] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[1];
h path[0];
m[262] = measure path[0];
if (m[262] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[263] = measure path[1];
if (m[263] == 1) {
  cz path[2], index[1];
  x path[1];
}
h path[2];
m[264] = measure path[2];
if (m[264] == 1) {
  cz path[3], index[2];
  x path[2];
}
h path[3];
m[265] = measure path[3];
if (m[265] == 1) {
  cz path[4], index[3];
  x path[3];
}
h path[4];
m[266] = measure path[4];
if (m[266] == 1) {
  cz index[5], index[4];
  x path[4];
}
x index[5];
ccx index[5], index[4], path[4];
cx index[5], path[4];
ccx path[4], index[3], path[3];
cx path[4], path[3];
ccx path[3], index[2], path[2];
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
h path[0];
m[267] = measure path[0];
if (m[267] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[1];
h path[0];
m[268] = measure path[0];
if (m[268] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[269] = measure path[1];
if (m[269] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
h path[0];
m[270] = measure path[0];
if (m[270] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[1];
h path[0];
m[271] = measure path[0];
if (m[271] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[272] = measure path[1];
if (m[272] == 1) {
  cz path[2], index[1];
  x path[1];
}
h path[2];
m[273] = measure path[2];
if (m[273] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
ccx path[3], index[2], path[2];
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[0];
h path[0];
m[274] = measure path[0];
if (m[274] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[1];
h path[0];
m[275] = measure path[0];
if (m[275] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[276] = measure path[1];
if (m[276] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[0];
h path[0];
m[277] = measure path[0];
if (m[277] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[0];
h path[0];
m[278] = measure path[0];
if (m[278] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[279] = measure path[1];
if (m[279] == 1) {
  cz path[2], index[1];
  x path[1];
}
h path[2];
m[280] = measure path[2];
if (m[280] == 1) {
  cz path[3], index[2];
  x path[2];
}
h path[3];
m[281] = measure path[3];
if (m[281] == 1) {
  cz path[4], index[3];
  x path[3];
}
cx index[5], path[4];
ccx path[4], index[3], path[3];
cx path[4], path[3];
ccx path[3], index[2], path[2];
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[0];
h path[0];
m[282] = measure path[0];
if (m[282] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[1];
cx path[0], key[0];
h path[0];
m[283] = measure path[0];
if (m[283] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[284] = measure path[1];
if (m[284] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[0];
h path[0];
m[285] = measure path[0];
if (m[285] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
h path[0];
m[286] = measure path[0];
if (m[286] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[287] = measure path[1];
if (m[287] == 1) {
  cz path[2], index[1];
  x path[1];
}
h path[2];
m[288] = measure path[2];
if (m[288] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
ccx path[3], index[2], path[2];
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[1];
h path[0];
m[289] = measure path[0];
if (m[289] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[1];
cx path[0], key[0];
h path[0];
m[290] = measure path[0];
if (m[290] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[291] = measure path[1];
if (m[291] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[1];
h path[0];
m[292] = measure path[0];
if (m[292] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[1];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[0];
h path[0];
m[293] = measure path[0];
if (m[293] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[294] = measure path[1];
if (m[294] == 1) {
  cz path[2], index[1];
  x path[1];
}
h path[2];
m[295] = measure path[2];
if (m[295] == 1) {
  cz path[3], index[2];
  x path[2];
}
h path[3];
m[296] = measure path[3];
if (m[296] == 1) {
  cz path[4], index[3];
  x path[3];
}
h path[4];
m[297] = measure path[4];
if (m[297] == 1) {
  cz index[5], index[4];
  x path[4];
}
barrier index, key, score, carry, path;
barrier index, key, score, carry, path;
x score[8];
x score[7];
x score[6];
x score[5];
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
cx key[3], score[3];
cx carry[2], key[3];
ccx key[3], score[3], carry[3];
cx carry[2], carry[3];
cx carry[3], score[4];
ccx carry[3], score[4], carry[4];
cx carry[4], score[5];
ccx carry[4], score[5], carry[5];
cx carry[5], score[6];
ccx carry[5], score[6], carry[6];
cx carry[6], score[7];
ccx carry[6], score[7], carry[7];
cx carry[7], score[8];
h carry[7];
m[298] = measure carry[7];
if (m[298] == 1) {
  cz carry[6], score[7];
  x carry[7];
}
h carry[6];
m[299] = measure carry[6];
if (m[299] == 1) {
  cz carry[5], score[6];
  x carry[6];
}
h carry[5];
m[300] = measure carry[5];
if (m[300] == 1) {
  cz carry[4], score[5];
  x carry[5];
}
h carry[4];
m[301] = measure carry[4];
if (m[301] == 1) {
  cz carry[3], score[4];
  x carry[4];
}
cx carry[2], carry[3];
h carry[3];
m[302] = measure carry[3];
if (m[302] == 1) {
  cz key[3], score[3];
  x carry[3];
}
cx carry[2], score[3];
cx carry[2], key[3];
cx carry[1], carry[2];
h carry[2];
m[303] = measure carry[2];
if (m[303] == 1) {
  cz key[2], score[2];
  x carry[2];
}
cx carry[1], score[2];
cx carry[1], key[2];
cx carry[0], carry[1];
h carry[1];
m[304] = measure carry[1];
if (m[304] == 1) {
  cz key[1], score[1];
  x carry[1];
}
cx carry[0], score[1];
cx carry[0], key[1];
h carry[0];
m[305] = measure carry[0];
if (m[305] == 1) {
  cz key[0], score[0];
  x carry[0];
}
x score[8];
x score[7];
x score[6];
x score[5];
x score[4];
x score[3];
x score[2];
x score[1];
x score[0];
barrier index, key, score, carry, path;
barrier index, key, score, carry, path;
x index[5];
ccx index[5], index[4], path[4];
cx index[5], path[4];
ccx path[4], index[3], path[3];
cx path[4], path[3];
ccx path[3], index[2], path[2];
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[1];
h path[0];
m[306] = measure path[0];
if (m[306] == 1) {
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
cx path[0], key[1];
cx path[0], key[0];
h path[0];
m[307] = measure path[0];
if (m[307] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[308] = measure path[1];
if (m[308] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[1];
h path[0];
m[309] = measure path[0];
if (m[309] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[1];
h path[0];
m[310] = measure path[0];
if (m[310] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[311] = measure path[1];
if (m[311] == 1) {
  cz path[2], index[1];
  x path[1];
}
h path[2];
m[312] = measure path[2];
if (m[312] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
ccx path[3], index[2], path[2];
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[0];
h path[0];
m[313] = measure path[0];
if (m[313] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[1];
cx path[0], key[0];
h path[0];
m[314] = measure path[0];
if (m[314] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[315] = measure path[1];
if (m[315] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[1];
h path[0];
m[316] = measure path[0];
if (m[316] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[0];
h path[0];
m[317] = measure path[0];
if (m[317] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[318] = measure path[1];
if (m[318] == 1) {
  cz path[2], index[1];
  x path[1];
}
h path[2];
m[319] = measure path[2];
if (m[319] == 1) {
  cz path[3], index[2];
  x path[2];
}
h path[3];
m[320] = measure path[3];
if (m[320] == 1) {
  cz path[4], index[3];
  x path[3];
}
cx index[5], path[4];
ccx path[4], index[3], path[3];
cx path[4], path[3];
ccx path[3], index[2], path[2];
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[1], path[0];
h path[0];
m[321] = measure path[0];
if (m[321] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[0];
h path[0];
m[322] = measure path[0];
if (m[322] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[323] = measure path[1];
if (m[323] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[0];
h path[0];
m[324] = measure path[0];
if (m[324] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[0];
h path[0];
m[325] = measure path[0];
if (m[325] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[326] = measure path[1];
if (m[326] == 1) {
  cz path[2], index[1];
  x path[1];
}
h path[2];
m[327] = measure path[2];
if (m[327] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
ccx path[3], index[2], path[2];
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[0];
h path[0];
m[328] = measure path[0];
if (m[328] == 1) {
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
cx path[0], key[3];
cx path[0], key[2];
h path[0];
m[329] = measure path[0];
if (m[329] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[330] = measure path[1];
if (m[330] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[1];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
h path[0];
m[331] = measure path[0];
if (m[331] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[3];
h path[0];
m[332] = measure path[0];
if (m[332] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[333] = measure path[1];
if (m[333] == 1) {
  cz path[2], index[1];
  x path[1];
}
h path[2];
m[334] = measure path[2];
if (m[334] == 1) {
  cz path[3], index[2];
  x path[2];
}
h path[3];
m[335] = measure path[3];
if (m[335] == 1) {
  cz path[4], index[3];
  x path[3];
}
h path[4];
m[336] = measure path[4];
if (m[336] == 1) {
  cz index[5], index[4];
  x path[4];
}
x index[5];
ccx index[5], index[4], path[4];
cx index[5], path[4];
ccx path[4], index[3], path[3];
cx path[4], path[3];
ccx path[3], index[2], path[2];
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[1];
h path[0];
m[337] = measure path[0];
if (m[337] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[1];
cx path[0], key[0];
h path[0];
m[338] = measure path[0];
if (m[338] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[339] = measure path[1];
if (m[339] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[0];
h path[0];
m[340] = measure path[0];
if (m[340] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[3];
h path[0];
m[341] = measure path[0];
if (m[341] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[342] = measure path[1];
if (m[342] == 1) {
  cz path[2], index[1];
  x path[1];
}
h path[2];
m[343] = measure path[2];
if (m[343] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
ccx path[3], index[2], path[2];
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[1];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[1];
cx path[0], key[0];
h path[0];
m[344] = measure path[0];
if (m[344] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[1];
h path[0];
m[345] = measure path[0];
if (m[345] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[346] = measure path[1];
if (m[346] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[1];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[0];
h path[0];
m[347] = measure path[0];
if (m[347] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[1];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[0];
h path[0];
m[348] = measure path[0];
if (m[348] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[349] = measure path[1];
if (m[349] == 1) {
  cz path[2], index[1];
  x path[1];
}
h path[2];
m[350] = measure path[2];
if (m[350] == 1) {
  cz path[3], index[2];
  x path[2];
}
h path[3];
m[351] = measure path[3];
if (m[351] == 1) {
  cz path[4], index[3];
  x path[3];
}
cx index[5], path[4];
ccx path[4], index[3], path[3];
cx path[4], path[3];
ccx path[3], index[2], path[2];
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[0];
cx path[1], path[0];
h path[0];
m[352] = measure path[0];
if (m[352] == 1) {
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
h path[0];
m[353] = measure path[0];
if (m[353] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[354] = measure path[1];
if (m[354] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[1];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[1];
cx path[0], key[0];
h path[0];
m[355] = measure path[0];
if (m[355] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[0];
h path[0];
m[356] = measure path[0];
if (m[356] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[357] = measure path[1];
if (m[357] == 1) {
  cz path[2], index[1];
  x path[1];
}
h path[2];
m[358] = measure path[2];
if (m[358] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
ccx path[3], index[2], path[2];
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[1];
h path[0];
m[359] = measure path[0];
if (m[359] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[1];
h path[0];
m[360] = measure path[0];
if (m[360] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[361] = measure path[1];
if (m[361] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[0];
cx path[1], path[0];
h path[0];
m[362] = measure path[0];
if (m[362] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[3];
h path[0];
m[363] = measure path[0];
if (m[363] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[364] = measure path[1];
if (m[364] == 1) {
  cz path[2], index[1];
  x path[1];
}
h path[2];
m[365] = measure path[2];
if (m[365] == 1) {
  cz path[3], index[2];
  x path[2];
}
h path[3];
m[366] = measure path[3];
if (m[366] == 1) {
  cz path[4], index[3];
  x path[3];
}
h path[4];
m[367] = measure path[4];
if (m[367] == 1) {
  cz index[5], index[4];
  x path[4];
}
barrier index, key, score, carry, path;
barrier index, key, score, carry, path;
cx key[0], score[2];
ccx key[0], score[2], carry[0];
cx key[1], score[3];
cx carry[0], key[1];
ccx key[1], score[3], carry[1];
cx carry[0], carry[1];
cx key[2], score[4];
cx carry[1], key[2];
ccx key[2], score[4], carry[2];
cx carry[1], carry[2];
cx key[3], score[5];
cx carry[2], key[3];
ccx key[3], score[5], carry[3];
cx carry[2], carry[3];
cx carry[3], score[6];
ccx carry[3], score[6], carry[4];
cx carry[4], score[7];
ccx carry[4], score[7], carry[5];
cx carry[5], score[8];
h carry[5];
m[368] = measure carry[5];
if (m[368] == 1) {
  cz carry[4], score[7];
  x carry[5];
}
h carry[4];
m[369] = measure carry[4];
if (m[369] == 1) {
  cz carry[3], score[6];
  x carry[4];
}
cx carry[2], carry[3];
h carry[3];
m[370] = measure carry[3];
if (m[370] == 1) {
  cz key[3], score[5];
  x carry[3];
}
cx carry[2], score[5];
cx carry[2], key[3];
cx carry[1], carry[2];
h carry[2];
m[371] = measure carry[2];
if (m[371] == 1) {
  cz key[2], score[4];
  x carry[2];
}
cx carry[1], score[4];
cx carry[1], key[2];
cx carry[0], carry[1];
h carry[1];
m[372] = measure carry[1];
if (m[372] == 1) {
  cz key[1], score[3];
  x carry[1];
}
cx carry[0], score[3];
cx carry[0], key[1];
h carry[0];
m[373] = measure carry[0];
if (m[373] == 1) {
  cz key[0], score[2];
  x carry[0];
}
barrier index, key, score, carry, path;
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
cx key[3], score[3];
cx carry[2], key[3];
ccx key[3], score[3], carry[3];
cx carry[2], carry[3];
cx carry[3], score[4];
ccx carry[3], score[4], carry[4];
cx carry[4], score[5];
ccx carry[4], score[5], carry[5];
cx carry[5], score[6];
ccx carry[5], score[6], carry[6];
cx carry[6], score[7];
ccx carry[6], score[7], carry[7];
cx carry[7], score[8];
h carry[7];
m[374] = measure carry[7];
if (m[374] == 1) {
  cz carry[6], score[7];
  x carry[7];
}
h carry[6];
m[375] = measure carry[6];
if (m[375] == 1) {
  cz carry[5], score[6];
  x carry[6];
}
h carry[5];
m[376] = measure carry[5];
if (m[376] == 1) {
  cz carry[4], score[5];
  x carry[5];
}
h carry[4];
m[377] = measure carry[4];
if (m[377] == 1) {
  cz carry[3], score[4];
  x carry[4];
}
cx carry[2], carry[3];
h carry[3];
m[378] = measure carry[3];
if (m[378] == 1) {
  cz key[3], score[3];
  x carry[3];
}
cx carry[2], score[3];
cx carry[2], key[3];
cx carry[1], carry[2];
h carry[2];
m[379] = measure carry[2];
if (m[379] == 1) {
  cz key[2], score[2];
  x carry[2];
}
cx carry[1], score[2];
cx carry[1], key[2];
cx carry[0], carry[1];
h carry[1];
m[380] = measure carry[1];
if (m[380] == 1) {
  cz key[1], score[1];
  x carry[1];
}
cx carry[0], score[1];
cx carry[0], key[1];
h carry[0];
m[381] = measure carry[0];
if (m[381] == 1) {
  cz key[0], score[0];
  x carry[0];
}
barrier index, key, score, carry, path;
barrier index, key, score, carry, path;
x index[5];
ccx index[5], index[4], path[4];
cx index[5], path[4];
ccx path[4], index[3], path[3];
cx path[4], path[3];
ccx path[3], index[2], path[2];
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[1];
cx path[0], key[0];
h path[0];
m[382] = measure path[0];
if (m[382] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[1];
h path[0];
m[383] = measure path[0];
if (m[383] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[384] = measure path[1];
if (m[384] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[1];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[1];
cx path[0], key[0];
h path[0];
m[385] = measure path[0];
if (m[385] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[0];
h path[0];
m[386] = measure path[0];
if (m[386] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[387] = measure path[1];
if (m[387] == 1) {
  cz path[2], index[1];
  x path[1];
}
h path[2];
m[388] = measure path[2];
if (m[388] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
ccx path[3], index[2], path[2];
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[1];
h path[0];
m[389] = measure path[0];
if (m[389] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[1];
h path[0];
m[390] = measure path[0];
if (m[390] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[391] = measure path[1];
if (m[391] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[1];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[3];
h path[0];
m[392] = measure path[0];
if (m[392] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[0];
h path[0];
m[393] = measure path[0];
if (m[393] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[394] = measure path[1];
if (m[394] == 1) {
  cz path[2], index[1];
  x path[1];
}
h path[2];
m[395] = measure path[2];
if (m[395] == 1) {
  cz path[3], index[2];
  x path[2];
}
h path[3];
m[396] = measure path[3];
if (m[396] == 1) {
  cz path[4], index[3];
  x path[3];
}
cx index[5], path[4];
ccx path[4], index[3], path[3];
cx path[4], path[3];
ccx path[3], index[2], path[2];
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[1];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[1];
h path[0];
m[397] = measure path[0];
if (m[397] == 1) {
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
cx path[0], key[3];
cx path[0], key[0];
h path[0];
m[398] = measure path[0];
if (m[398] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[399] = measure path[1];
if (m[399] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[2];
h path[0];
m[400] = measure path[0];
if (m[400] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[1];
h path[0];
m[401] = measure path[0];
if (m[401] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[402] = measure path[1];
if (m[402] == 1) {
  cz path[2], index[1];
  x path[1];
}
h path[2];
m[403] = measure path[2];
if (m[403] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
ccx path[3], index[2], path[2];
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[1];
h path[0];
m[404] = measure path[0];
if (m[404] == 1) {
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
h path[0];
m[405] = measure path[0];
if (m[405] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[406] = measure path[1];
if (m[406] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[1];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[2];
h path[0];
m[407] = measure path[0];
if (m[407] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[1];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[1];
h path[0];
m[408] = measure path[0];
if (m[408] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[409] = measure path[1];
if (m[409] == 1) {
  cz path[2], index[1];
  x path[1];
}
h path[2];
m[410] = measure path[2];
if (m[410] == 1) {
  cz path[3], index[2];
  x path[2];
}
h path[3];
m[411] = measure path[3];
if (m[411] == 1) {
  cz path[4], index[3];
  x path[3];
}
h path[4];
m[412] = measure path[4];
if (m[412] == 1) {
  cz index[5], index[4];
  x path[4];
}
x index[5];
ccx index[5], index[4], path[4];
cx index[5], path[4];
ccx path[4], index[3], path[3];
cx path[4], path[3];
ccx path[3], index[2], path[2];
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[0];
h path[0];
m[413] = measure path[0];
if (m[413] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[1];
h path[0];
m[414] = measure path[0];
if (m[414] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[415] = measure path[1];
if (m[415] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[1];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[0];
h path[0];
m[416] = measure path[0];
if (m[416] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[0];
h path[0];
m[417] = measure path[0];
if (m[417] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[418] = measure path[1];
if (m[418] == 1) {
  cz path[2], index[1];
  x path[1];
}
h path[2];
m[419] = measure path[2];
if (m[419] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
ccx path[3], index[2], path[2];
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[1];
cx path[1], path[0];
h path[0];
m[420] = measure path[0];
if (m[420] == 1) {
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
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[1];
cx path[0], key[0];
h path[0];
m[421] = measure path[0];
if (m[421] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[422] = measure path[1];
if (m[422] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[0];
h path[0];
m[423] = measure path[0];
if (m[423] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[0];
h path[0];
m[424] = measure path[0];
if (m[424] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[425] = measure path[1];
if (m[425] == 1) {
  cz path[2], index[1];
  x path[1];
}
h path[2];
m[426] = measure path[2];
if (m[426] == 1) {
  cz path[3], index[2];
  x path[2];
}
h path[3];
m[427] = measure path[3];
if (m[427] == 1) {
  cz path[4], index[3];
  x path[3];
}
cx index[5], path[4];
ccx path[4], index[3], path[3];
cx path[4], path[3];
ccx path[3], index[2], path[2];
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[1];
cx path[0], key[0];
cx path[1], path[0];
h path[0];
m[428] = measure path[0];
if (m[428] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[1];
h path[0];
m[429] = measure path[0];
if (m[429] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[430] = measure path[1];
if (m[430] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[1];
cx path[0], key[0];
h path[0];
m[431] = measure path[0];
if (m[431] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[1];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[1];
h path[0];
m[432] = measure path[0];
if (m[432] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[433] = measure path[1];
if (m[433] == 1) {
  cz path[2], index[1];
  x path[1];
}
h path[2];
m[434] = measure path[2];
if (m[434] == 1) {
  cz path[3], index[2];
  x path[2];
}
cx path[4], path[3];
ccx path[3], index[2], path[2];
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[1];
h path[0];
m[435] = measure path[0];
if (m[435] == 1) {
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
cx path[0], key[3];
cx path[0], key[1];
cx path[0], key[0];
h path[0];
m[436] = measure path[0];
if (m[436] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[437] = measure path[1];
if (m[437] == 1) {
  cz path[2], index[1];
  x path[1];
}
cx path[3], path[2];
ccx path[2], index[1], path[1];
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[1];
cx path[1], path[0];
cx path[0], key[2];
h path[0];
m[438] = measure path[0];
if (m[438] == 1) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[1], path[0];
cx path[0], key[3];
cx path[0], key[2];
cx path[0], key[1];
cx path[0], key[0];
cx path[1], path[0];
cx path[0], key[2];
cx path[0], key[0];
h path[0];
m[439] = measure path[0];
if (m[439] == 1) {
  cz path[1], index[0];
  x path[0];
}
h path[1];
m[440] = measure path[1];
if (m[440] == 1) {
  cz path[2], index[1];
  x path[1];
}
h path[2];
m[441] = measure path[2];
if (m[441] == 1) {
  cz path[3], index[2];
  x path[2];
}
h path[3];
m[442] = measure path[3];
if (m[442] == 1) {
  cz path[4], index[3];
  x path[3];
}
h path[4];
m[443] = measure path[4];
if (m[443] == 1) {
  cz index[5], index[4];
  x path[4];
}
barrier index, key, score, carry, path;
x score[6];
x score[1];
