/** More of what the scripts and the markup of a page can do to the one who drives it. */
import { addToPage, type Fault, html, script } from './answers.js';

export const SCRIPT_FAULTS: Readonly<Record<string, Fault>> = {
  'alerts when it is left': script(
    'for(const name of ["pagehide","unload","beforeunload"])addEventListener(name,()=>alert(1))',
  ),
  'event sources that stay open': script('for(let i=0;i<500;i++)new EventSource("/hang?"+i)'),
  'requests without end': script(
    'setInterval(()=>{for(let i=0;i<50;i++)fetch("/nowhere?"+Math.random())},10)',
  ),
  'documents written without end': script('setInterval(()=>document.write("<p>more"),1)'),
  'a layout that never rests': script(
    'const s=document.body.style;let i=0;(function f(){s.width=(500+(i++%300))+"px";document.body.offsetHeight;requestAnimationFrame(f)})()',
  ),
  'a button that runs away': script(
    'setInterval(()=>{for(const b of document.querySelectorAll("button")){b.style.position="fixed";b.style.left=Math.random()*900+"px";b.style.top=Math.random()*700+"px"}},20)',
  ),
  'a cover over everything': addToPage('<div style="position:fixed;inset:0;z-index:9999"></div>'),
  'a page that reloads every 10 ms': script('setInterval(()=>location.reload(),10)'),
  'two pages in turn': script(
    'setTimeout(()=>{location.href=location.pathname+"?turn="+Math.random()+"&"+location.search.slice(1)},5)',
  ),
  'requests for permission': script(
    'setInterval(()=>{navigator.geolocation?.getCurrentPosition(()=>0);Notification?.requestPermission?.();navigator.mediaDevices?.getUserMedia({audio:true}).catch(()=>0);navigator.clipboard?.readText().catch(()=>0)},20)',
  ),
  'file choosers': script(
    'addEventListener("click",()=>{const i=document.createElement("input");i.type="file";i.click()},true);setInterval(()=>{const i=document.createElement("input");i.type="file";i.click()},50)',
  ),
  'a console that overflows': script(
    'setInterval(()=>{for(let i=0;i<2000;i++)console.log("x".repeat(1000),{i})},5)',
  ),
  'errors without end': script('setInterval(()=>{throw new Error("x".repeat(10000))},1)'),
  'messages without end': script('onmessage=()=>postMessage(1,"*");for(let i=0;i<500;i++)postMessage(1,"*")'),
  'a DOM 20,000 levels deep': script(
    'let e=document.body;for(let i=0;i<2e4;i++)e=e.appendChild(document.createElement("div"))',
  ),
  '100,000 fields': script(
    'const f=document.createElement("form");for(let i=0;i<1e5;i++)f.append(document.createElement("input"));document.body.append(f)',
  ),
  'a list of 200,000 options': script(
    'const s=document.createElement("select");for(let i=0;i<2e5;i++)s.append(new Option("o"+i));document.body.append(s)',
  ),
  'prototypes that are poisoned': script(
    'for(const name of ["map","filter","flatMap","slice","some","forEach"])Array.prototype[name]=()=>{throw new Error("poisoned")};JSON.stringify=()=>"x";Object.prototype.toJSON=()=>"x";String.prototype.slice=()=>"x";Document.prototype.querySelectorAll=()=>[];window.Promise=null',
  ),
  'getters that never end': script('Object.defineProperty(document.body,"innerText",{get(){for(;;);}})'),
  'a title of 10 MB': script('document.title="x".repeat(1e7)'),
  'an address of 1 MB': script('history.replaceState(0,"","#"+"x".repeat(1e6))'),
  'a page without an end of scroll': script(
    'setInterval(()=>{const d=document.createElement("div");d.style.height="99999px";document.body.append(d)},5)',
  ),
  'a form that sends itself': script('document.forms[0]?.submit()'),
  'a form that leads to javascript:': script('for(const f of document.forms)f.action="javascript:for(;;);"'),
  'a form for a silent frame': script('for(const f of document.forms){f.target="x"}'),
  'a storage that is full': script(
    'try{for(let i=0;;i++)localStorage.setItem(i,"x".repeat(1e5))}catch{};indexedDB.open("x");caches?.open("x")',
  ),
  'a page that is XML': (response) => {
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(
      '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "xxxxxxxxxx"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>',
    );
  },
  'a page that is a PDF': (response) => {
    response.writeHead(200, { 'content-type': 'application/pdf' });
    response.end('%PDF-1.4\n%%EOF');
  },
  'a frame of itself': html(
    '<iframe src=""></iframe><iframe src="?a"></iframe><form><input type="password"></form>',
  ),
};
