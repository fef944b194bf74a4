import { call } from './lib/k6-lib.js';
import x from './none.js';
export default function () { call(); }
