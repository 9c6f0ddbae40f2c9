"""Computes the outputs of the scenarios in tests/data/layers with the equations of the layers, written out in Python.

    python3 tests/data/layers.py

replaces the [expected] table at the end of each. It needs Python 3.11 or newer and nothing else; it shares no code and no
order of summation with celda, so that the two agree to about 1e-15.
"""

import math
import pathlib
import tomllib

ACTIVATIONS = {
    "linear": lambda z: z,
    "relu": lambda z: max(0.0, z),
    "tanh": math.tanh,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "hard_sigmoid": lambda z: min(1.0, max(0.0, z / 6 + 0.5)),
    "softsign": lambda z: z / (1 + abs(z)),
}


def apply(name, zs):
    if name == "softmax":
        exponentials = [math.exp(z) for z in zs]
        return [e / math.fsum(exponentials) for e in exponentials]
    return [ACTIVATIONS[name](z) for z in zs]


def times(matrix, vector):
    return [math.fsum(w * v for w, v in zip(row, vector, strict=True)) for row in matrix]


def add(*vectors):
    return [math.fsum(numbers) for numbers in zip(*vectors, strict=True)]


def multiply(one, other):
    return [a * b for a, b in zip(one, other, strict=True)]


class Gate:
    def __init__(self, table):
        self.w, self.u = table["input_weights"], table["recurrent_weights"]
        zeros = [0.0] * len(self.w)
        self.b, self.b_r = table.get("bias", zeros), table.get("recurrent_bias", zeros)
        self.p = table.get("peephole", zeros)

    def sum(self, x, h, c=None):
        peephole = [0.0] * len(self.w) if c is None else multiply(self.p, c)
        return add(times(self.w, x), self.b, times(self.u, h), self.b_r, peephole)


def rnn(table, functions, rows):
    gate = Gate(table)
    h = table.get("initial_hidden", [0.0] * len(gate.w))
    for x in rows:
        h = apply(functions.get("activation", "tanh"), gate.sum(x, h))
        yield h


def lstm(table, functions, rows):
    act, sigma = functions.get("activation", "tanh"), functions.get("recurrent_activation", "sigmoid")
    gates = {name: Gate(gate) for name, gate in table["gate"].items()}
    zeros = [0.0] * len(gates["input"].w)
    h, c = table.get("initial_hidden", zeros), table.get("initial_cell", zeros)
    for x in rows:
        i = apply(sigma, gates["input"].sum(x, h, c))
        f = apply(sigma, gates["forget"].sum(x, h, c))
        g = apply(act, gates["cell"].sum(x, h))
        c = add(multiply(f, c), multiply(i, g))
        o = apply(sigma, gates["output"].sum(x, h, c))
        h = multiply(o, apply(act, c))
        yield h


def gru(table, functions, rows):
    act, sigma = functions.get("activation", "tanh"), functions.get("recurrent_activation", "sigmoid")
    gates = {name: Gate(gate) for name, gate in table["gate"].items()}
    new = gates["candidate"]
    h = table.get("initial_hidden", [0.0] * len(new.w))
    for x in rows:
        r = apply(sigma, gates["reset"].sum(x, h))
        z = apply(sigma, gates["update"].sum(x, h))
        if functions.get("reset_after", True):
            recurrent = multiply(r, add(times(new.u, h), new.b_r))
            n = apply(act, add(times(new.w, x), new.b, recurrent))
        else:
            n = apply(act, new.sum(x, multiply(r, h)))
        h = add(multiply([1 - kept for kept in z], n), multiply(z, h))
        yield h


def both(cell, layer, rows):
    def functions(table):
        return {**layer, **table}

    forward, backward = layer["forward"], layer["backward"]
    there = list(cell(forward, functions(forward), rows))
    back = list(cell(backward, functions(backward), rows[::-1]))[::-1]
    return [one + other for one, other in zip(there, back, strict=True)]


def conv(layer, rows):
    kernel = layer["kernel"]
    width = len(kernel[0])
    bias = layer.get("bias", [0.0] * len(kernel))
    padded = [[0.0] * len(rows[0])] * (width - 1) + rows
    for t in range(len(rows)):
        seen = padded[t : t + width]
        sums = [math.fsum(times(unit, x)[k] for k, x in enumerate(seen)) for unit in kernel]
        yield apply(layer.get("activation", "linear"), add(sums, bias))


def dense(layer, rows):
    bias = layer.get("bias", [0.0] * len(layer["weights"]))
    for t, x in enumerate(rows):
        if layer.get("apply") == "last" and t + 1 < len(rows):
            yield [math.nan] * len(bias)
        else:
            yield apply(layer.get("activation", "linear"), add(times(layer["weights"], x), bias))


def run(layer, rows):
    cells = {"rnn": rnn, "lstm": lstm, "gru": gru}
    kind, direction = layer["kind"], layer.get("direction", "forward")
    if kind not in cells:
        return list({"conv": conv, "dense": dense}[kind](layer, rows))
    if direction == "bidirectional":
        return both(cells[kind], layer, rows)
    order = -1 if direction == "reverse" else 1
    return list(cells[kind](layer, layer, rows[::order]))[::order]


for path in sorted((pathlib.Path(__file__).parent / "layers").glob("*.toml")):
    text = path.read_text().split("\n[expected]\n")[0]
    scenario = tomllib.loads(text)
    rows = [[float(number) for number in row] for row in scenario["input"]["rows"]]
    for layer in scenario["layer"]:
        rows = run(layer, rows)
    output = "".join(f"  [{', '.join(map(repr, row))}],\n" for row in rows)
    path.write_text(f'{text}\n[expected]\ntolerance = 1e-14\nsource = "layers.py"\noutput = [\n{output}]\n')
