"""TFRecords and their readers: conversion, splits, statistics, sequences."""
