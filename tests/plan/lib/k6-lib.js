import grpc from 'k6/net/grpc';
import './k6-inner.js';
const c = new grpc.Client();
export function call() {
  c.connect('grpc.example:443');
  c.close();
}
