OPENQASM 3.0;
include "stdgates.inc";
// lookup_select_swap_measured, (n, d, b) = (16, 2, 3)
// |j>|x> -> |j>|x xor K_j>, components in offset binary; undone by measurement
qubit[4] index;
qubit[6] word;
qubit[6] held;
qubit[6] slice;
qubit[6] product;
qubit[1] high;
qubit[1] temp;
bit[22] m;
ccx index[3], index[2], high[0];
barrier index, held, slice, product, high, temp;
x held[2];
x held[3];
x slice[0];
x slice[2];
x slice[3];
x slice[4];
cx index[1], held[0];
cx index[1], held[1];
cx index[1], held[3];
cx index[1], slice[1];
cx index[1], slice[2];
cx index[1], slice[5];
cx index[2], held[0];
cx index[2], held[2];
cx index[2], held[3];
cx index[2], slice[0];
cx index[2], slice[1];
cx index[2], slice[3];
cx index[2], slice[5];
ccx index[2], index[1], temp[0];
cx temp[0], held[0];
cx temp[0], held[3];
cx temp[0], held[5];
cx temp[0], slice[2];
cx temp[0], slice[5];
h temp[0];
m[0] = measure temp[0];
if (m[0]) {
  cz index[2], index[1];
  x temp[0];
}
cx index[3], held[0];
cx index[3], held[1];
cx index[3], held[5];
cx index[3], slice[0];
ccx index[3], index[1], temp[0];
cx temp[0], held[1];
cx temp[0], held[4];
cx temp[0], slice[1];
cx temp[0], slice[2];
cx temp[0], slice[3];
cx temp[0], slice[5];
h temp[0];
m[1] = measure temp[0];
if (m[1]) {
  cz index[3], index[1];
  x temp[0];
}
cx high[0], held[0];
cx high[0], held[1];
cx high[0], held[5];
cx high[0], slice[2];
cx high[0], slice[4];
cx high[0], slice[5];
ccx high[0], index[1], temp[0];
cx temp[0], held[0];
cx temp[0], held[3];
cx temp[0], held[5];
cx temp[0], slice[0];
cx temp[0], slice[2];
cx temp[0], slice[3];
h temp[0];
m[2] = measure temp[0];
if (m[2]) {
  cz high[0], index[1];
  x temp[0];
}
barrier index, held, slice, product, high, temp;
ccx index[0], slice[0], product[0];
cx product[0], held[0];
ccx index[0], slice[1], product[1];
cx product[1], held[1];
ccx index[0], slice[2], product[2];
cx product[2], held[2];
ccx index[0], slice[3], product[3];
cx product[3], held[3];
ccx index[0], slice[4], product[4];
cx product[4], held[4];
ccx index[0], slice[5], product[5];
cx product[5], held[5];
cx held[0], word[0];
cx held[1], word[1];
cx held[2], word[2];
cx held[3], word[3];
cx held[4], word[4];
cx held[5], word[5];
cx product[5], held[5];
h product[5];
m[3] = measure product[5];
if (m[3]) {
  cz index[0], slice[5];
  x product[5];
}
cx product[4], held[4];
h product[4];
m[4] = measure product[4];
if (m[4]) {
  cz index[0], slice[4];
  x product[4];
}
cx product[3], held[3];
h product[3];
m[5] = measure product[3];
if (m[5]) {
  cz index[0], slice[3];
  x product[3];
}
cx product[2], held[2];
h product[2];
m[6] = measure product[2];
if (m[6]) {
  cz index[0], slice[2];
  x product[2];
}
cx product[1], held[1];
h product[1];
m[7] = measure product[1];
if (m[7]) {
  cz index[0], slice[1];
  x product[1];
}
cx product[0], held[0];
h product[0];
m[8] = measure product[0];
if (m[8]) {
  cz index[0], slice[0];
  x product[0];
}
barrier index, held, slice, product, high, temp;
h held[0];
m[9] = measure held[0];
if (m[9]) {
  z index[1];
  z index[2];
  cz index[1], index[2];
  z index[3];
  z high[0];
  cz index[1], high[0];
  x held[0];
}
h held[1];
m[10] = measure held[1];
if (m[10]) {
  z index[1];
  z index[3];
  cz index[1], index[3];
  z high[0];
  x held[1];
}
h held[2];
m[11] = measure held[2];
if (m[11]) {
  z held[2];
  z index[2];
  x held[2];
}
h held[3];
m[12] = measure held[3];
if (m[12]) {
  z held[3];
  z index[1];
  z index[2];
  cz index[1], index[2];
  cz index[1], high[0];
  x held[3];
}
h held[4];
m[13] = measure held[4];
if (m[13]) {
  cz index[1], index[3];
  x held[4];
}
h held[5];
m[14] = measure held[5];
if (m[14]) {
  cz index[1], index[2];
  z index[3];
  z high[0];
  cz index[1], high[0];
  x held[5];
}
h slice[0];
m[15] = measure slice[0];
if (m[15]) {
  z slice[0];
  z index[2];
  z index[3];
  cz index[1], high[0];
  x slice[0];
}
h slice[1];
m[16] = measure slice[1];
if (m[16]) {
  z index[1];
  z index[2];
  cz index[1], index[3];
  x slice[1];
}
h slice[2];
m[17] = measure slice[2];
if (m[17]) {
  z slice[2];
  z index[1];
  cz index[1], index[2];
  cz index[1], index[3];
  z high[0];
  cz index[1], high[0];
  x slice[2];
}
h slice[3];
m[18] = measure slice[3];
if (m[18]) {
  z slice[3];
  z index[2];
  cz index[1], index[3];
  cz index[1], high[0];
  x slice[3];
}
h slice[4];
m[19] = measure slice[4];
if (m[19]) {
  z slice[4];
  z high[0];
  x slice[4];
}
h slice[5];
m[20] = measure slice[5];
if (m[20]) {
  z index[1];
  z index[2];
  cz index[1], index[2];
  cz index[1], index[3];
  z high[0];
  x slice[5];
}
barrier index, held, slice, product, high, temp;
h high[0];
m[21] = measure high[0];
if (m[21]) {
  cz index[3], index[2];
  x high[0];
}
