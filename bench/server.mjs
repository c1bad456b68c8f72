// A zero-delay provider in a process of its own: reads each request whole and answers with a new id.
import { createServer } from 'node:http';

let ids = 0;
const server = createServer((request, response) => {
  request.resume().on('end', () => {
    ids += 1;
    const body = `{"id":"video_${ids}","status":"queued","error":null}`;
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.on('disconnect', () => process.exit(0));
