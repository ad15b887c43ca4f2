import { expect, it } from 'vitest';
import { printedValueHint } from './printed-values.ts';

/** Each line is what its language prints for a message: by print, inspect, show, puts, dump or the like. */
it.each([
  [`{'src': 'n1', 'dest': 'c1'}`, 'json.dumps'],
  [`b'{"src": "n1"}'`, 'sys.stdout.buffer'],
  ['<__main__.Message object at 0x7f3a>', 'json.dumps'],
  [`{ src: 'n1', dest: 'c1' }`, 'JSON.stringify'],
  ['[object Object]', 'JSON.stringify'],
  ['Map(3) {', 'JSON.stringify'],
  ['%{src: "n1", dest: "c1"}', 'Jason.encode!'],
  ['%Message{src: "n1"}', 'Jason.encode!'],
  ['#{<<"src">> => <<"n1">>}', 'json:encode'],
  ['{<<"src">>,<<"n1">>}', 'json:encode'],
  ['{:src=>"n1", :dest=>"c1"}', 'to_json'],
  ['{"src" => "n1", "dest" => "c1"}', 'to_json'],
  ['#<Message:0x0001 @src="n1">', 'to_json'],
  ['#<struct Message src="n1">', 'to_json'],
  ['{:src "n1", :dest "c1", :body {:type "x"}}', 'cheshire'],
  ['array(3) {', 'json_encode'],
  ['Array', 'json_encode'],
  ['table: 0x55d0c0b0', 'cjson.encode'],
  ['HASH(0x55d0c0)', 'encode_json'],
  ['map[body:map[type:init_ok] dest:c1 src:n1]', 'json.Marshal'],
  ['&{n1 c1 {init_ok 1}}', 'json.Marshal'],
  ['System.Collections.Generic.Dictionary`2[System.String,System.Object]', 'JsonSerializer'],
  ['Dict{String, Any}("src" => "n1")', 'JSON3.write'],
  [String.raw`[1] "{\"src\":\"n1\"}"`, 'auto_unbox'],
  ['$src', 'auto_unbox'],
  ['["src": "n1", "dest": "c1"]', 'JSONEncoder'],
  ['Optional("{}")', 'unwrap'],
  ['((src . "n1") (dest . "c1"))', 'Lisp'],
  ['#S(MESSAGE :SRC "n1")', 'Lisp'],
  ['HashMap(src -> n1)', 'ujson'],
  ['com.example.Message@1b2c3d', 'Gson'],
  ['Message(src=n1, dest=c1)', 'Gson'],
  ['Message {src = "n1", dest = "c1"}', 'Data.Aeson'],
  ['Message { src: "n1", dest: "c1" }', 'serde_json'],
])('%s', (line, advice) => {
  expect(printedValueHint(line)).toContain(advice);
});

it.each([
  '{"src":"n1","dest":"c1","body":{}}',
  '{src: "n1"}',
  '{"src":"n1",',
  '{',
  '',
  'Starting node n1',
  'got { x: 1 }',
  '[1, 2]',
  '["a", "b"]',
  'Array of 3 elements',
  'n1@host is up',
  '{"src":"n1","body":{"at":"=>"}}',
  '12:00:00 INFO com.example.Main - started',
])('is silent about %j', (line) => expect(printedValueHint(line)).toBeUndefined());
