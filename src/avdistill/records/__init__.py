"""TFRecords and all that reads them: conversion, splits, statistics, sequences."""
