"""Trains the network of sunspots.toml and writes sunspots.csv, sunspots.safetensors and sunspots.toml beside itself.

    python3 -m venv venv
    venv/bin/pip install keras==3.15.1 jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6 statsmodels==0.15.0 safetensors==0.8.0
    venv/bin/python scenarios/sunspots.py

The series is the yearly sunspot number 1700–2008 of statsmodels (public domain, from the National Geophysical Data
Center; the numbers as they were before the revision of 2015). Every figure in the scenario's texts is computed here.
Everything is float64 and seeded: on one kind of processor two runs write the same bytes. On another, training can end
at other weights, because rounding differs there. The three files belong together even then, but read the notes again:
their figures follow the weights, their wording does not.
"""

import os

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_ENABLE_X64"] = "1"
os.environ["JAX_PLATFORMS"] = "cpu"

import csv
import tomllib
from pathlib import Path
from string import Template

import jax
import keras
import numpy as np
from safetensors.numpy import load_file, save
from statsmodels.datasets import sunspots

HERE = Path(__file__).resolve().parent
UNITS = 16
SEED = 1700
LEARNING_RATE = 3e-3
FIRST = 1700
VALIDATED_FROM = 1901
TESTED_FROM = 1951
CYCLE = 11
# A power of two: dividing by it and multiplying by it rounds nothing.
SCALE = 128.0
TOLERANCE = 1e-9

keras.config.set_floatx("float64")


def build() -> keras.Model:
    """The untrained network: [batch, timesteps, 1] to [batch, timesteps, 1], the same weights for the same seed."""
    keras.utils.set_random_seed(SEED)
    rows = keras.Input((None, 1))
    # Keras 3 rounds its own tanh to float32 on this backend, whatever floatx says.
    hidden = keras.layers.GRU(UNITS, activation=jax.numpy.tanh, return_sequences=True, name="gru")(rows)
    model = keras.Model(rows, keras.layers.Dense(1, name="dense")(hidden))
    model.compile(keras.optimizers.Adam(LEARNING_RATE), "mse")
    return model


def fit(model: keras.Model, series: np.ndarray, before: int, epochs: int) -> None:
    """Trains on the series as one sequence, to say the next year of each year, up to the year `before` (excluded)."""
    known = (series[: before - FIRST] / SCALE)[None, :, None]
    model.fit(known[:, :-1], known[:, 1:], batch_size=1, epochs=epochs, verbose=0)


def forecasts(model: keras.Model, rows: np.ndarray) -> np.ndarray:
    """The framework's output for every row, [timesteps]."""
    return np.asarray(model(rows[None, :, None]))[0, :, 0]


def error(series: np.ndarray, said: np.ndarray, first: int, last: int) -> float:
    """Root mean square error over the years first..=last; `said[i]` is the forecast for the year FIRST + i."""
    years = slice(first - FIRST, last - FIRST + 1)
    return float(np.sqrt(np.mean((said[years] - series[years]) ** 2)))


def delayed(series: np.ndarray, years: int) -> np.ndarray:
    """The naive forecast: the number of so many years before."""
    return np.concatenate([np.full(years, np.nan), series[:-years]])


def regression(series: np.ndarray, lags: int, before: int) -> np.ndarray:
    """The forecast of a least squares regression on the last `lags` years, fitted up to the year `before` (excluded)."""
    rows = np.array([np.append(series[i - lags : i], 1) for i in range(lags, len(series))])
    fitted = before - FIRST - lags
    weights = np.linalg.lstsq(rows[:fitted], series[lags:][:fitted], rcond=None)[0]
    return np.concatenate([np.full(lags, np.nan), rows @ weights])


def choose_epochs(series: np.ndarray) -> int:
    """How long to train: until the error on 1901–1950 is smallest, after training on the years before."""
    model, tried = build(), {}
    for epochs in range(25, 1001, 25):
        fit(model, series, VALIDATED_FROM, 25)
        said = np.append(np.nan, SCALE * forecasts(model, series / SCALE)[:-1])
        tried[epochs] = error(series, said, VALIDATED_FROM, TESTED_FROM - 1)
    best = min(tried, key=tried.get)
    print(f"1901–1950: {tried[best]:.2f} after {best} epochs, {tried[1000]:.2f} after 1000")
    return best


def take_in_scale(model: keras.Model) -> None:
    """Moves the division of the input and the multiplication of the output by SCALE into the weights."""
    gru, dense = model.get_layer("gru"), model.get_layer("dense")
    kernel, recurrent_kernel, bias = gru.get_weights()
    gru.set_weights([kernel / SCALE, recurrent_kernel, bias])
    dense.set_weights([array * SCALE for array in dense.get_weights()])


def recompute(rows: np.ndarray, arrays: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The same network in plain numpy: hidden states [timesteps, units] and outputs [timesteps]."""
    k, r = arrays["gru/gru_cell/kernel"], arrays["gru/gru_cell/recurrent_kernel"]
    b, b_r = arrays["gru/gru_cell/bias"]
    update, reset, candidate = (slice(n * UNITS, (n + 1) * UNITS) for n in range(3))
    h, hidden = np.zeros(UNITS), []
    for row in rows:
        from_input, from_state = row * k[0] + b, h @ r + b_r
        z = 1 / (1 + np.exp(-(from_input + from_state)[update]))
        g = 1 / (1 + np.exp(-(from_input + from_state)[reset]))
        n = np.tanh(from_input[candidate] + g * from_state[candidate])
        h = (1 - z) * n + z * h
        hidden.append(h)
    return np.array(hidden), (np.array(hidden) @ arrays["dense/kernel"] + arrays["dense/bias"])[:, 0]


def wrapped(items: list[str], per_line: int) -> str:
    """The items of a TOML list, so many on a line."""
    lines = [items[i : i + per_line] for i in range(0, len(items), per_line)]
    return "".join("    " + ", ".join(line) + ",\n" for line in lines)


def main() -> None:
    table = sunspots.load_pandas().data
    years, series = [int(year) for year in table["YEAR"]], table["SUNACTIVITY"].to_numpy(float)
    assert years == list(range(FIRST, FIRST + len(years)))
    with open(HERE / "sunspots.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["year", "sunspots"])
        writer.writerows(zip(years, series.tolist()))

    epochs = choose_epochs(series)
    model = build()
    fit(model, series, TESTED_FROM, epochs)
    scaled = SCALE * forecasts(model, series / SCALE)
    take_in_scale(model)
    outputs = forecasts(model, series)
    print(f"largest change from moving the scale into the weights: {np.abs(outputs - scaled).max():.1e}")
    arrays = {variable.path: np.asarray(variable) for variable in model.weights}
    (HERE / "sunspots.safetensors").write_bytes(save(arrays, metadata={"source": f"Keras {keras.__version__}"}))

    said = {
        "network": np.append(np.nan, outputs[:-1]),
        "same": delayed(series, 1),
        "cycle": delayed(series, CYCLE),
        "linear": regression(series, 9, TESTED_FROM),
    }
    spans = {"fit": (FIRST + CYCLE + 1, TESTED_FROM - 1), "test": (TESTED_FROM, years[-1])}
    figures = {"keras": keras.__version__, "tolerance": repr(TOLERANCE).replace("e-0", "e-")}
    for span, (first, last) in spans.items():
        for name, forecast in said.items():
            figures[f"{name}_{span}"] = f"{error(series, forecast, first, last):.1f}"
            print(f"{first}–{last}: root mean square error of `{name}`: {figures[f'{name}_{span}']}")
    for year in years:
        figures[f"in{year}"] = f"{series[year - FIRST]:.1f}"
        figures[f"out{year}"] = f"{outputs[year - FIRST]:.1f}"
    # The same number of sunspots on the way up and on the way down: what tells them apart is the state.
    hidden, _ = recompute(series, arrays)
    weights = arrays["dense/kernel"][:, 0]
    rising, falling = hidden[1955 - FIRST], hidden[1962 - FIRST]
    unit = int(np.argmax(np.abs(weights * (rising - falling))))
    figures |= {"unit": f"h{unit + 1}", "weight": f"{weights[unit]:.1f}"}
    for year, state in ((1955, rising), (1962, falling)):
        figures |= {f"state{year}": f"{state[unit]:.3f}", f"adds{year}": f"{weights[unit] * state[unit]:.1f}"}
        _, alone = recompute(series[[year - FIRST]], arrays)
        figures[f"alone{year}"] = f"{alone[0]:.1f}"
    misses = np.abs(said["network"] - series)[TESTED_FROM - FIRST :]
    figures["missed"] = ", ".join(str(TESTED_FROM + i) for i in sorted(np.argsort(misses)[-3:]))
    figures |= {"labels": wrapped([f'"{year}"' for year in years], 10)}
    # The shortest text that reads back as the same float64.
    figures |= {"outputs": wrapped([f"[{output!r}]" for output in outputs.tolist()], 5)}
    (HERE / "sunspots.toml").write_text(SCENARIO.substitute(figures))
    verify()


def verify() -> None:
    """Reads the three files back and computes the outputs without the framework."""
    with open(HERE / "sunspots.csv", newline="") as file:
        rows = np.array([float(row["sunspots"]) for row in csv.DictReader(file)])
    expected = tomllib.loads((HERE / "sunspots.toml").read_text())["expected"]
    _, outputs = recompute(rows, load_file(HERE / "sunspots.safetensors"))
    furthest = np.abs(outputs - np.array(expected["output"])[:, 0]).max()
    print(f"largest difference between the framework and plain numpy: {furthest:.1e}")
    assert furthest <= expected["tolerance"] == TOLERANCE


SCENARIO = Template('''\
# Teaches: what a trained network does with its state. Keras trained this one on real data; the weights lie beside it.
# Look at 1955 and 1962: almost the same number goes in, and what comes out differs, because the state knows the way.
# Written by sunspots.py, which trained it.

title = { en = "A trained GRU: sunspots, 1700 to 2008", es = "Una GRU entrenada: manchas solares, 1700 a 2008" }

[description]
en = "Sixteen GRU units read one year's sunspot number and say the next year's; Keras trained the weights."
es = "Dieciséis unidades GRU leen las manchas solares de un año y dicen las del siguiente; Keras entrenó los pesos."

[input]
file = "sunspots.csv"
columns = ["sunspots"]
features = [{ en = "spots", es = "manchas" }]
labels = [
$labels]

# Training divided the input by 128 and multiplied the output by it; both are in the weights here, and nothing was rounded.
[[layer]]
kind = "gru"
weights = { file = "sunspots.safetensors", prefix = "gru/gru_cell", convention = "keras" }

[[layer]]
kind = "dense"
weights = { file = "sunspots.safetensors", prefix = "dense", convention = "keras" }

[[note]]
step = 0
text.en = """
The label is the year of the input; the output is for the year after. From $in1700 sunspots in 1700 it says $out1700 for 1701,
and there were $in1701. The state before 1700 is zero, as it was in training.
Trained on 1700 to 1950. The cycle of about 11 years is nowhere in the equations: it is in the weights."""
text.es = """
La etiqueta es el año de la entrada; la salida es para el año siguiente. Con $in1700 manchas en 1700 dice $out1700 para 1701,
y hubo $in1701. El estado antes de 1700 es cero, como en el entrenamiento.
Entrenada con 1700 a 1950. El ciclo de unos 11 años no está en las ecuaciones: está en los pesos."""

[[note]]
step = 11
text.en = """
The output is $out1711, fewer than no sunspots: a linear dense layer knows no lower limit.
Ask the room: which activation would mend it, and what would it do to the training?"""
text.es = """
La salida es $out1711, menos que ninguna mancha: una capa densa lineal no conoce límite inferior.
Pregunta a la sala: ¿qué activación lo arreglaría y qué le haría al entrenamiento?"""

[[note]]
step = 77
text.en = """
A high maximum: from $in1777 it says $out1777 for 1778, and there were $in1778.
This year is in the training data: a good answer here proves little."""
text.es = """
Un máximo alto: con $in1777 dice $out1777 para 1778, y hubo $in1778.
Este año está en los datos de entrenamiento: acertar aquí demuestra poco."""

[[note]]
step = 250
text.en = """
From here on training never saw the answer. It says $out1950 for 1951, and there were $in1951."""
text.es = """
Desde aquí el entrenamiento nunca vio la respuesta. Dice $out1950 para 1951, y hubo $in1951."""

[[note]]
step = 255
text.en = """
On the way up: from $in1955 it says $out1955, and there were $in1956. The direction is right, but so steep a rise it misses.
Keep in mind $unit, which is $state1955 now, for 1962."""
text.es = """
De subida: con $in1955 dice $out1955, y hubo $in1956. Acierta la dirección, pero no una subida tan fuerte.
Recuerda $unit, que ahora vale $state1955, para 1962."""

[[note]]
step = 256
text.en = """
One input later it has caught up: it says $out1956 for 1957, the highest year of the series, and there were $in1957."""
text.es = """
Una entrada después ya lo ha corregido: dice $out1956 para 1957, el año más alto de la serie, y hubo $in1957."""

[[note]]
step = 262
text.en = """
On the way down: $in1962 goes in, in 1955 it was $in1955. Then it said $out1955, now it says $out1962, and there were $in1963.
The largest part of that is $unit: the dense layer weighs it by $weight.
In 1955 it was $state1955 and added $adds1955; now it is $state1962 and adds $adds1962.
With a state of zero the outputs would be $alone1955 and $alone1962: without the state the network cannot tell the two years apart."""
text.es = """
De bajada: entra $in1962; en 1955 entró $in1955. Entonces dijo $out1955, ahora dice $out1962, y hubo $in1963.
Lo que más cuenta es $unit, que la capa densa multiplica por $weight.
En 1955 valía $state1955 y sumaba $adds1955; ahora vale $state1962 y suma $adds1962.
Con un estado de cero las salidas serían $alone1955 y $alone1962: sin el estado la red no distingue los dos años."""

[[note]]
step = 308
text.en = """
How good is it? Root mean square error for 1951 to 2008: $network_test (for 1712 to 1950, seen in training: $network_fit).
Saying the same again: $same_test. Saying what was 11 years ago: $cycle_test. A linear regression on the last 9 years: $linear_test.
So the network beats the naive forecasts, but not the regression: ask the room what that says about 309 rows.
Its three largest misses since 1951: $missed."""
text.es = """
¿Es buena? Raíz del error cuadrático medio, 1951 a 2008: $network_test (1712 a 1950, vistos en el entrenamiento: $network_fit).
Decir lo mismo otra vez: $same_test. Decir lo de hace 11 años: $cycle_test. Una regresión lineal con los últimos 9 años: $linear_test.
La red gana a los pronósticos ingenuos, pero no a la regresión: pregunta a la sala qué dice eso de 309 filas.
Sus tres fallos mayores desde 1951: $missed."""

# What Keras itself computes, not what the sun did: that is the next row's input.
[expected]
tolerance = $tolerance
source = { en = "Keras $keras in float64", es = "Keras $keras en float64" }
output = [
$outputs]
''')

if __name__ == "__main__":
    main()
