#!/usr/bin/env node
console.log('shotlist');
