import http from 'k6/http';
export const options = { vus: 10, duration: '30s' };
export default function () {
  http.batch([['GET', 'http://one.example/1'], ['GET', 'http://one.example/2']]);
}
