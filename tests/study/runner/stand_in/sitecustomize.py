"""Imported by Python at its start: coordinators evaluate with a stand-in for training, and load no torch."""

from archsearch.study import work
from tests.study import fake_work

work.TRAINING = fake_work.work(fake_work.train_soundly)
