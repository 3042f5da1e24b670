OPENQASM 3.0;
include "stdgates.inc";
// lookup_unary_measured, (n, d, b) = (16, 2, 3)
// |j>|x> -> |j>|x xor K_j>, components in offset binary; undone by measurement
qubit[4] index;
qubit[6] word;
qubit[3] path;
bit[14] m;
ccx index[3], index[2], path[2];
ccx path[2], index[1], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[1];
cx path[0], word[3];
cx path[0], word[4];
cx path[0], word[5];
cx path[1], path[0];
cx path[0], word[3];
cx path[0], word[4];
cx path[1], path[0];
h path[0];
m[0] = measure path[0];
if (m[0]) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[1];
cx path[1], path[0];
cx path[0], word[0];
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
cx path[0], word[1];
cx path[0], word[5];
cx path[1], path[0];
cx path[0], word[1];
cx path[0], word[2];
cx path[0], word[4];
cx path[0], word[5];
cx path[1], path[0];
h path[0];
m[3] = measure path[0];
if (m[3]) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[0];
cx path[0], word[1];
cx path[0], word[4];
cx path[0], word[5];
cx path[1], path[0];
cx path[0], word[0];
cx path[0], word[1];
cx path[0], word[2];
cx path[0], word[3];
cx path[0], word[5];
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
cx path[0], word[0];
cx path[0], word[1];
cx path[0], word[2];
cx path[0], word[4];
cx path[1], path[0];
cx path[0], word[0];
cx path[0], word[1];
cx path[0], word[5];
cx path[1], path[0];
h path[0];
m[7] = measure path[0];
if (m[7]) {
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
cx path[1], path[0];
cx path[0], word[0];
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
cx path[0], word[2];
cx path[0], word[3];
cx path[0], word[4];
cx path[0], word[5];
cx path[1], path[0];
cx path[0], word[0];
cx path[0], word[1];
cx path[0], word[2];
cx path[1], path[0];
h path[0];
m[10] = measure path[0];
if (m[10]) {
  cz path[1], index[0];
  x path[0];
}
cx path[2], path[1];
ccx path[1], index[0], path[0];
cx path[0], word[0];
cx path[0], word[4];
cx path[1], path[0];
cx path[0], word[2];
cx path[0], word[3];
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
