/* The test page: counter, drawing board and list of clients, one connection each. */
import { connect } from "./lws-common.js";

const byId = (id) => document.getElementById(id);

function counter() {
  const note = byId("counter-note");
  const link = connect("dumb-increment-protocol", {
    message(text) {
      byId("counter-value").textContent = text;
    },
    close(event) {
      if (event.reason) note.textContent = `Closed by the server: ${event.reason} (${event.code})`;
    },
  });
  byId("counter-reset").addEventListener("click", () => {
    note.textContent = "";
    link.send("reset\n");
  });
  byId("counter-close").addEventListener("click", () => link.send("closeme\n"));
}

function board() {
  const canvas = byId("board-canvas");
  const pen = canvas.getContext("2d");
  const wipe = () => pen.clearRect(0, 0, canvas.width, canvas.height);
  let last = null; // where the pointer was, while it is down

  function line([colour, ...numbers]) {
    const [x1, y1, x2, y2] = numbers.map(Number);
    pen.strokeStyle = colour;
    pen.lineWidth = 2;
    pen.lineCap = "round";
    pen.beginPath();
    pen.moveTo(x1, y1);
    pen.lineTo(x2, y2);
    pen.stroke();
  }

  function circle([colour, ...numbers]) {
    const [x, y, radius] = numbers.map(Number);
    pen.strokeStyle = colour;
    pen.lineWidth = 2;
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.stroke();
  }

  const link = connect("lws-mirror-protocol", {
    open: wipe, // the server sends what is on the board
    message(text) {
      for (const command of text.split(";")) {
        const [name, ...rest] = command.split(" ");
        if (name === "d") line(rest);
        if (name === "c" && rest.length) circle(rest);
        else if (name === "c") wipe();
      }
    },
  });

  function place(event) {
    const scale = canvas.width / canvas.clientWidth; // less than its own width on a small screen
    const clamp = (n, most) => Math.round(Math.min(Math.max(n * scale, 0), most));
    return [clamp(event.offsetX, canvas.width), clamp(event.offsetY, canvas.height)];
  }

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = place(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    const here = place(event);
    // drawn when it comes back, as for everybody else
    link.send(`d ${byId("board-colour").value} ${last.join(" ")} ${here.join(" ")};`);
    last = here;
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (last = null));
  byId("board-clear").addEventListener("click", () => link.send("c;"));
}

function status() {
  function row(client) {
    const tr = document.createElement("tr");
    for (const text of [client.peer, client.agent]) tr.insertCell().textContent = text;
    return tr;
  }

  connect("lws-status", {
    message(text) {
      const news = JSON.parse(text);
      byId("status-count").textContent = news.count;
      byId("status-library").textContent = news.library;
      byId("status-rows").replaceChildren(...news.clients.map(row));
    },
  });
}

counter();
board();
status();
