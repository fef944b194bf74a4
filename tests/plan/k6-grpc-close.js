import grpc from 'k6/net/grpc';
const client = new grpc.Client();
export default () => {
  client.connect('127.0.0.1:50051', { plaintext: true });
  client.invoke('a.B/C', {});
  client.close();
};
