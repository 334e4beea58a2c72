import http from 'node:http';

/** Plays the API: records what the service calls, and answers as told. */
export class FakeApi {
  messages = [];
  sessions = [];
  /** What a message gets: a status, 'hang', or a function of the message that returns one of those, or a promise of it. */
  answer = 204;
  headers = {};
  /** The body of what it refuses. */
  problem = '';
  tries = 0;
  authorization = new Set();
  #server;
  #port = 0;

  async start() {
    this.#server = http.createServer(async (request, response) => {
      let text = '';
      // A character may come in two chunks.
      request.setEncoding('utf8');
      for await (const chunk of request) text += chunk;
      this.authorization.add(request.headers.authorization);
      const body = JSON.parse(text);
      if (request.url === '/api/whatsapp/sessions') {
        this.sessions.push(body);
        return response.writeHead(204).end();
      }
      this.tries++;
      const answer = typeof this.answer === 'function' ? await this.answer(body) : this.answer;
      if (answer === 'hang') return;
      if (answer < 300) this.messages.push(body);
      response.writeHead(answer, this.headers).end(answer < 400 ? '' : this.problem);
    });
    await new Promise((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = this.#server.address().port;
    return this;
  }

  get url() {
    return `http://127.0.0.1:${this.#port}`;
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  texts() {
    return this.messages.map(({ text }) => text);
  }
}
