import './k6-lib.js';
export const url = 'https://inner.example/';
