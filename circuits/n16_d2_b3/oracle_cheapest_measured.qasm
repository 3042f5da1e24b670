OPENQASM 3.0;
include "stdgates.inc";
// oracle_cheapest_measured, (n, d, b) = (16, 2, 3)
// |j> -> -|j> where <q, K_j> >= tau; undone by measurement
qubit[4] index;
qubit[6] key;
qubit[6] slice;
qubit[6] product;
qubit[1] high;
qubit[1] temp;
qubit[5] sum;
qubit[1] score;
bit[27] m;
ccx index[3], index[2], high[0];
barrier index, key, slice, product, high, temp;
x key[2];
x key[3];
x slice[0];
x slice[2];
x slice[3];
x slice[4];
cx index[1], key[0];
cx index[1], key[1];
cx index[1], key[3];
cx index[1], slice[1];
cx index[1], slice[2];
cx index[1], slice[5];
cx index[2], key[0];
cx index[2], key[2];
cx index[2], key[3];
cx index[2], slice[0];
cx index[2], slice[1];
cx index[2], slice[3];
cx index[2], slice[5];
ccx index[2], index[1], temp[0];
cx temp[0], key[0];
cx temp[0], key[3];
cx temp[0], key[5];
cx temp[0], slice[2];
cx temp[0], slice[5];
h temp[0];
m[0] = measure temp[0];
if (m[0]) {
  cz index[2], index[1];
  x temp[0];
}
cx index[3], key[0];
cx index[3], key[1];
cx index[3], key[5];
cx index[3], slice[0];
ccx index[3], index[1], temp[0];
cx temp[0], key[1];
cx temp[0], key[4];
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
cx high[0], key[0];
cx high[0], key[1];
cx high[0], key[5];
cx high[0], slice[2];
cx high[0], slice[4];
cx high[0], slice[5];
ccx high[0], index[1], temp[0];
cx temp[0], key[0];
cx temp[0], key[3];
cx temp[0], key[5];
cx temp[0], slice[0];
cx temp[0], slice[2];
cx temp[0], slice[3];
h temp[0];
m[2] = measure temp[0];
if (m[2]) {
  cz high[0], index[1];
  x temp[0];
}
barrier index, key, slice, product, high, temp;
ccx index[0], slice[0], product[0];
cx product[0], key[0];
ccx index[0], slice[1], product[1];
cx product[1], key[1];
ccx index[0], slice[2], product[2];
cx product[2], key[2];
ccx index[0], slice[3], product[3];
cx product[3], key[3];
ccx index[0], slice[4], product[4];
cx product[4], key[4];
ccx index[0], slice[5], product[5];
cx product[5], key[5];
barrier index, key, slice, product, high, temp, sum, score;
x key[3];
ccx key[0], key[3], sum[0];
x key[3];
cx sum[0], key[1];
cx sum[0], key[4];
x key[4];
ccx key[1], key[4], sum[1];
x key[4];
cx sum[0], sum[1];
cx sum[0], key[4];
cx key[4], key[1];
cx key[1], key[2];
cx key[1], key[5];
x key[2];
ccx key[2], key[5], sum[2];
x key[2];
cx key[1], sum[2];
cx key[1], key[5];
cx key[5], key[2];
ccx key[2], sum[1], sum[3];
x sum[2];
ccx sum[2], sum[3], sum[4];
x sum[2];
cx sum[4], score[0];
z score[0];
cx sum[4], score[0];
x sum[2];
h sum[4];
m[3] = measure sum[4];
if (m[3]) {
  cz sum[2], sum[3];
  x sum[4];
}
x sum[2];
h sum[3];
m[4] = measure sum[3];
if (m[4]) {
  cz key[2], sum[1];
  x sum[3];
}
cx key[5], key[2];
cx key[1], key[5];
cx key[1], sum[2];
x key[2];
h sum[2];
m[5] = measure sum[2];
if (m[5]) {
  cz key[2], key[5];
  x sum[2];
}
x key[2];
cx key[1], key[5];
cx key[1], key[2];
cx key[4], key[1];
cx sum[0], key[4];
cx sum[0], sum[1];
x key[4];
h sum[1];
m[6] = measure sum[1];
if (m[6]) {
  cz key[1], key[4];
  x sum[1];
}
x key[4];
cx sum[0], key[4];
cx sum[0], key[1];
x key[3];
h sum[0];
m[7] = measure sum[0];
if (m[7]) {
  cz key[0], key[3];
  x sum[0];
}
x key[3];
barrier index, key, slice, product, high, temp, sum, score;
cx product[5], key[5];
h product[5];
m[8] = measure product[5];
if (m[8]) {
  cz index[0], slice[5];
  x product[5];
}
cx product[4], key[4];
h product[4];
m[9] = measure product[4];
if (m[9]) {
  cz index[0], slice[4];
  x product[4];
}
cx product[3], key[3];
h product[3];
m[10] = measure product[3];
if (m[10]) {
  cz index[0], slice[3];
  x product[3];
}
cx product[2], key[2];
h product[2];
m[11] = measure product[2];
if (m[11]) {
  cz index[0], slice[2];
  x product[2];
}
cx product[1], key[1];
h product[1];
m[12] = measure product[1];
if (m[12]) {
  cz index[0], slice[1];
  x product[1];
}
cx product[0], key[0];
h product[0];
m[13] = measure product[0];
if (m[13]) {
  cz index[0], slice[0];
  x product[0];
}
barrier index, key, slice, product, high, temp;
h key[0];
m[14] = measure key[0];
if (m[14]) {
  z index[1];
  z index[2];
  cz index[1], index[2];
  z index[3];
  z high[0];
  cz index[1], high[0];
  x key[0];
}
h key[1];
m[15] = measure key[1];
if (m[15]) {
  z index[1];
  z index[3];
  cz index[1], index[3];
  z high[0];
  x key[1];
}
h key[2];
m[16] = measure key[2];
if (m[16]) {
  z key[2];
  z index[2];
  x key[2];
}
h key[3];
m[17] = measure key[3];
if (m[17]) {
  z key[3];
  z index[1];
  z index[2];
  cz index[1], index[2];
  cz index[1], high[0];
  x key[3];
}
h key[4];
m[18] = measure key[4];
if (m[18]) {
  cz index[1], index[3];
  x key[4];
}
h key[5];
m[19] = measure key[5];
if (m[19]) {
  cz index[1], index[2];
  z index[3];
  z high[0];
  cz index[1], high[0];
  x key[5];
}
h slice[0];
m[20] = measure slice[0];
if (m[20]) {
  z slice[0];
  z index[2];
  z index[3];
  cz index[1], high[0];
  x slice[0];
}
h slice[1];
m[21] = measure slice[1];
if (m[21]) {
  z index[1];
  z index[2];
  cz index[1], index[3];
  x slice[1];
}
h slice[2];
m[22] = measure slice[2];
if (m[22]) {
  z slice[2];
  z index[1];
  cz index[1], index[2];
  cz index[1], index[3];
  z high[0];
  cz index[1], high[0];
  x slice[2];
}
h slice[3];
m[23] = measure slice[3];
if (m[23]) {
  z slice[3];
  z index[2];
  cz index[1], index[3];
  cz index[1], high[0];
  x slice[3];
}
h slice[4];
m[24] = measure slice[4];
if (m[24]) {
  z slice[4];
  z high[0];
  x slice[4];
}
h slice[5];
m[25] = measure slice[5];
if (m[25]) {
  z index[1];
  z index[2];
  cz index[1], index[2];
  cz index[1], index[3];
  z high[0];
  x slice[5];
}
barrier index, key, slice, product, high, temp;
h high[0];
m[26] = measure high[0];
if (m[26]) {
  cz index[3], index[2];
  x high[0];
}
