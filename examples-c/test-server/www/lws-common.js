/*
 * Connections that come back by themselves, and a page that greys out
 * meanwhile. For any page served beside a websocket:
 *
 *   import { connect } from "./lws-common.js";
 *   const link = connect("my-protocol", {
 *     open() {},            // each time the connection stands (again)
 *     message(text) {},
 *     close(event) {},
 *   });
 *   link.send("hello");     // false while the connection is lost
 *
 * <body> has the class "lost" unless all connections of the page stand, and an
 * element with the id "link-state", if there is one, says it in words.
 */

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 2000;
const HANDSHAKE_MS = 5000;

const links = new Set();

export function websocketAddress(path = "/") {
  const url = new URL(path, document.location);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

function showState() {
  const standing = [...links].filter((link) => link.isOpen()).length;
  const lost = standing < links.size;
  document.body.classList.toggle("lost", lost);
  const words = document.getElementById("link-state");
  if (words) words.textContent = lost ? "Connection lost, trying again" : "Connected";
}

class Link {
  constructor(protocol, handlers, path) {
    this.protocol = protocol;
    this.handlers = handlers;
    this.path = path;
    this.wait = FIRST_WAIT_MS;
    this.start();
  }

  isOpen() {
    return this.socket.readyState === WebSocket.OPEN;
  }

  send(text) {
    if (!this.isOpen()) return false;
    this.socket.send(text);
    return true;
  }

  start() {
    const socket = new WebSocket(websocketAddress(this.path), this.protocol);
    this.socket = socket;
    // a server that accepts and then says nothing must not hold us for ever
    const patience = setTimeout(() => socket.close(), HANDSHAKE_MS);

    socket.addEventListener("open", () => {
      clearTimeout(patience);
      this.wait = FIRST_WAIT_MS;
      showState();
      this.handlers.open?.();
    });
    socket.addEventListener("message", (event) => this.handlers.message?.(event.data));
    socket.addEventListener("close", (event) => {
      clearTimeout(patience);
      showState();
      this.handlers.close?.(event);
      setTimeout(() => this.start(), this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
    });
  }
}

export function connect(protocol, handlers, path = "/") {
  const link = new Link(protocol, handlers, path);
  links.add(link);
  showState();
  return link;
}
