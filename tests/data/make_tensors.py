"""Writes the .safetensors and .npz files of this folder: small arrays by the names that PyTorch, Keras and ONNX give.

    pip install numpy ml_dtypes safetensors
    python make_tensors.py

The names are those of torch 2 state_dict(), Keras 3.15 variable.path, and the inputs of ONNX's operators.
"""

import shutil
from pathlib import Path

import ml_dtypes
import numpy as np
from safetensors.numpy import save_file

HERE = Path(__file__).parent


def counted(*shape, dtype=np.float32):
    """0, 1/8, 2/8, …: exact in every type used, and each number tells its place."""
    return (np.arange(np.prod(shape, dtype=int)).reshape(shape) / 8).astype(dtype)


def pytorch():
    arrays = {}
    for layer, inputs in enumerate([3, 4]):  # encoder: LSTM(3, 2, num_layers=2, bidirectional=True)
        for suffix in (f"l{layer}", f"l{layer}_reverse"):
            arrays[f"encoder.weight_ih_{suffix}"] = counted(8, inputs)
            arrays[f"encoder.weight_hh_{suffix}"] = counted(8, 2)
            arrays[f"encoder.bias_ih_{suffix}"] = counted(8)
            arrays[f"encoder.bias_hh_{suffix}"] = counted(8)
    arrays["gru.weight_ih_l0"] = counted(6, 4)  # GRU(4, 2)
    arrays["gru.weight_hh_l0"] = counted(6, 2)
    arrays["rnn.weight_ih_l0"] = counted(5, 2)  # RNN(2, 5, bias=False)
    arrays["rnn.weight_hh_l0"] = counted(5, 5)
    arrays["short.weight_ih_l0"] = counted(12, 5)  # LSTM(5, 3, proj_size=2)
    arrays["short.weight_hh_l0"] = counted(12, 2)
    arrays["short.weight_hr_l0"] = counted(2, 3)
    arrays["head.weight"] = counted(1, 2)  # Linear(2, 1)
    arrays["head.bias"] = counted(1)
    arrays["embedding.weight"] = counted(7, 9)
    arrays["norm.weight"] = counted(2)
    save_file(arrays, HERE / "pytorch.safetensors")


def keras():
    arrays = {
        "sequential/conv1d/kernel": counted(2, 3, 4),
        "sequential/conv1d/bias": counted(4),
        "sequential/gru/gru_cell/kernel": counted(4, 6),
        "sequential/gru/gru_cell/recurrent_kernel": counted(2, 6),
        "sequential/gru/gru_cell/bias": counted(6),  # reset_after=False
        "sequential/gru_1/gru_cell/kernel": counted(2, 6),
        "sequential/gru_1/gru_cell/recurrent_kernel": counted(2, 6),
        "sequential/gru_1/gru_cell/bias": counted(2, 6),
    }
    for direction in ("forward", "backward"):
        cell = f"sequential/bidirectional/{direction}_lstm_1/lstm_cell"
        arrays[f"{cell}/kernel"] = counted(2, 12)
        arrays[f"{cell}/recurrent_kernel"] = counted(3, 12)
        arrays[f"{cell}/bias"] = counted(12)
    arrays["sequential/dense/kernel"] = counted(6, 1)
    arrays["sequential/dense/bias"] = counted(1)
    np.savez_compressed(HERE / "keras.npz", **arrays)


def onnx():
    arrays = {"W": counted(2, 8, 3), "R": counted(2, 8, 2), "B": counted(2, 16), "P": counted(2, 6)}
    arrays |= {"gru_W": counted(6, 4), "gru_R": counted(6, 2), "gru_B": counted(12)}
    np.savez(HERE / "onnx.npz", **arrays)


def types():
    numbers = np.array([[-1.5, 0, 0.25], [1, 2, 96]])
    floats = {"f64": np.float64, "f32": np.float32, "f16": np.float16, "bf16": ml_dtypes.bfloat16}
    arrays = {name: numbers.astype(dtype) for name, dtype in floats.items()}
    arrays["third"] = np.array([1 / 3])
    arrays["i64"] = np.array([-3, 0, 2**53], dtype=np.int64)
    arrays["bool"] = np.array([True])
    arrays["empty"] = np.zeros((0, 3))
    arrays["nan"] = np.array([[0, 1], [np.nan, 2]], dtype=np.float32)
    arrays["infinite"] = np.array([0, -np.inf], dtype=np.float32)
    save_file(arrays, HERE / "types.safetensors")
    arrays["bf16"] = arrays["bf16"].view("V2")  # as numpy saves it
    for name, dtype in {"big_f64": ">f8", "big_f32": ">f4", "big_f16": ">f2"}.items():
        arrays[name] = numbers.astype(dtype)
    for name, dtype in {"i8": "i1", "u16": "<u2", "big_i32": ">i4"}.items():
        arrays[name] = np.array([1, 2, 100], dtype=dtype)
    arrays["fortran"] = np.asfortranarray(np.arange(24, dtype=np.float32).reshape(2, 3, 4))
    arrays["single"] = np.float64(2.5)
    arrays["complex"] = np.array([1j])
    arrays["text"] = np.array(["a"])
    arrays["structured"] = np.array([(1, 2)], dtype=[("a", "<f4"), ("b", "<f8")])
    arrays["object"] = np.array([{}], dtype=object)
    np.savez(HERE / "types.npz", **arrays)
    np.savez_compressed(HERE / "deflated.npz", **{name: arrays[name] for name in ("f64", "big_f32", "fortran", "nan")})


def faults():
    """What tests/faults reads: good files, one cut off in its header, with a NaN, of floats of 16 bits, of halves of layers."""
    folder = HERE.parent / "faults"
    shutil.copy(HERE / "pytorch.safetensors", folder / "model.safetensors")
    shutil.copy(HERE / "keras.npz", folder / "model.npz")
    (folder / "torn.safetensors").write_bytes((HERE / "pytorch.safetensors").read_bytes()[:300])
    save_file({"weight": np.array([[1.0, np.nan]])}, folder / "nan.safetensors")
    float16 = {"weight_ih_l0": np.zeros((3, 2), "<f2"), "weight_hh_l0": np.zeros((3, 3), "<f2")}
    bfloat16 = {"gru.weight_ih_l0": np.zeros((3, 2), "V2"), "gru.weight_hh_l0": np.zeros((3, 1), "V2")}
    np.savez(folder / "half.npz", **float16, **bfloat16)
    forward = {"weight_ih_l0": counted(3, 2), "weight_hh_l0": counted(3, 3)}
    backward = {f"{name}_reverse": array for name, array in forward.items()}
    halves = {f"backward.{name}": array for name, array in backward.items()}
    halves |= {f"partly.{name}": array for name, array in (forward | backward).items() if name != "weight_hh_l0_reverse"}
    save_file(halves, folder / "halves.safetensors")


if __name__ == "__main__":
    pytorch()
    keras()
    onnx()
    types()
    faults()
