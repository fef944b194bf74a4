"""For benchmarks of language models, whose packages bring gigabytes that no connection depends on: modules that are not
here (models, tokenizers, data sets) are stood in for. All that sends requests is theirs, unchanged. Loaded by a .pth
file, after every other way to find a module has failed."""
import argparse
import importlib.abc
import importlib.machinery
import logging
import sys
import types

ROOTS = ('transformers', 'datasets', 'torch', 'torchvision', 'PIL', 'huggingface_hub', 'pybase64', 'zmq', 'pandas', 'IPython',
         'sglang', 'vllm')


class Tokenizer:
    """A word is a token."""
    vocab_size, bos_token_id, eos_token_id, chat_template, all_special_ids = 32000, 1, 1, None, ()

    def encode(self, text, **more):
        return [2] * max(1, len(text.split()))

    def decode(self, ids, **more):
        return ' '.join('a' for _ in ids)

    def batch_decode(self, lists, **more):
        return [self.decode(ids) for ids in lists]

    def num_special_tokens_to_add(self, *more):
        return 0

    def get_vocab(self):
        return {'a': 2}

    def __len__(self):
        return self.vocab_size

    def __call__(self, text, **more):
        return types.SimpleNamespace(input_ids=self.encode(text))


class Anything(type):
    def __getattr__(cls, name):
        if name.startswith('__'):
            raise AttributeError(name)
        return Nothing


class Nothing(metaclass=Anything):
    """Takes everything and does nothing."""

    def __init__(self, *words, **more):
        pass

    def __call__(self, *words, **more):
        return self

    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        return self


class Tokenizers:
    @staticmethod
    def from_pretrained(*words, **more):
        return Tokenizer()


KNOWN = {'get_tokenizer': lambda *words, **more: Tokenizer(), 'AutoTokenizer': Tokenizers,
         'FlexibleArgumentParser': argparse.ArgumentParser, 'init_logger': logging.getLogger,
         'join_host_port': '{}:{}'.format, 'freeze_gc_heap': lambda: None, 'is_mistral_tokenizer': lambda tokenizer: False,
         'resolve_base_url': lambda base, host, port: base or 'http://%s:%d' % (host, port)}


class Module(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        return KNOWN.get(name) or type(name, (Nothing,), {})


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path, target=None):
        if name.partition('.')[0] in ROOTS:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return Module(spec.name)

    def exec_module(self, module):
        module.__path__ = []


sys.meta_path.append(Finder())
