import ws from 'k6/ws';
export default function () {
  const url = `wss://${__ENV.HOST}/socket`;
  ws.connect(url, {}, (socket) => { socket.setTimeout(() => socket.close(), 60000); });
}
