// Unified
