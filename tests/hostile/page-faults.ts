/** What a page can do to a browser. Most do it in the very page that belongs there. */
import { addToPage, type Fault, flood, html, MEBIBYTE, script } from './answers.js';

/** Where the server keeps the service worker of `a service worker`. */
export const WORKER_PATH = '/hostile-worker.js';
/** It answers nothing, forever. */
export const WORKER = 'onfetch = (event) => event.respondWith(new Promise(() => {}));';

const BUTTON = 'document.querySelector("button")';

export const PAGE_FAULTS: Readonly<Record<string, Fault>> = {
  'a page without a form': html('<p>There is nothing here.'),
  'an endless script': script('for(;;);'),
  'an endless script after 300 ms': script('setTimeout(()=>{for(;;);},300)'),
  'an endless script at a click': script(`${BUTTON}?.addEventListener("click",()=>{for(;;);})`),
  'an endless script when it is left': script(
    'for(const name of ["pagehide","unload","beforeunload"])addEventListener(name,()=>{for(;;);})',
  ),
  'alerts in a loop': script('for(;;)alert("no")'),
  'questions in a loop': script('for(;;){confirm("no");prompt("no")}'),
  'printing in a loop': script('for(;;)print()'),
  'a trap for those who leave': script('onbeforeunload=(event)=>{event.preventDefault();return "stay"}'),
  'pop-ups': script('setInterval(()=>open("/nowhere"),50)'),
  'a download': (response) => {
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment',
    });
    flood(response, Buffer.alloc(MEBIBYTE), 64 * MEBIBYTE);
  },
  'downloads in a loop': script(
    'setInterval(()=>{const a=document.createElement("a");a.href="data:application/zip,x";a.download="x.zip";a.click()},50)',
  ),
  'a service worker': script(`navigator.serviceWorker.register("${WORKER_PATH}",{scope:"/"})`),
  'a DOM of 50 MB': (response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    flood(response, Buffer.from('<b>x</b>'.repeat(MEBIBYTE / 8)), 50 * MEBIBYTE);
  },
  'a DOM that grows': script('for(let i=0;i<3e6;i++)document.body.append(document.createElement("b"))'),
  '10,000 frames': script(
    'for(let i=0;i<1e4;i++){const f=document.createElement("iframe");f.srcdoc="<input>";document.body.append(f)}',
  ),
  WebSockets: script('for(let i=0;i<2e3;i++)new WebSocket("ws://"+location.host+"/"+i)'),
  'workers that spin': script('for(let i=0;i<20;i++)new Worker(URL.createObjectURL(new Blob(["for(;;);"])))'),
  'full screen and pointer lock': script(
    'addEventListener("click",()=>{document.body.requestFullscreen();document.body.requestPointerLock()},true)',
  ),
  'a refresh of 0 seconds': addToPage('<meta http-equiv="refresh" content="0">'),
  'a page that loads itself again': script('location.reload()'),
  'history entries without end': script('setInterval(()=>history.pushState(0,"","#"+Math.random()),5)'),
  'a memory hog': script('const a=[];for(;;)a.push(new Array(1e6).fill(Math.random()))'),
  'a page of 1 GB': (response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    flood(response, Buffer.from('<p>x</p>'.repeat(131_072)), 1024 * MEBIBYTE);
  },
};
