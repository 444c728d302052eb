@_spi(Engine) import JSON
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What an evaluation has charged to its budget.
struct Meter {
    var budget: EvaluationBudget?
    /// Whether an expression is evaluated, and not a document read or written: only then time that passes is charged.
    var isEvaluating = false
    /// Nanoseconds of the monotonic clock, at the last charge.
    var wall: UInt64 = 0
    /// Nanoseconds of the thread's processor clock at the last charge; 0 until it was read.
    var processor: UInt64 = 0
    /// Bytes of the arena that are charged.
    var arena = 0
    /// Bytes that functions took outside of the arena.
    var outside = 0
    /// Of these, charged.
    var outsideCharged = 0

    /// Reading the processor clock is a system call, some 300 ns: it is read this often at most. Until then the time that
    /// passed counts, and that is all that is ever measured of a short evaluation.
    static let interval: UInt64 = 200_000
    /// The most that such a stretch counts: the thread may have been held up in it.
    static let longestStretch: UInt64 = 1_000_000

    static func processorClock() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    mutating func start(_ budget: EvaluationBudget?, isEvaluating: Bool, now: UInt64, arena: Arena) {
        self.budget = budget
        self.isEvaluating = isEvaluating
        wall = now
        processor = 0
        self.arena = arena.bytesInUse
        outside = 0
        outsideCharged = 0
    }

    /// Charges what was used since the last time.
    mutating func charge(now: UInt64, arena: Arena, last: Bool = false) {
        guard let budget else { return }
        var time: UInt64 = 0
        var elapsed: UInt64 = 0
        let passed = now > wall ? now - wall : 0
        if passed >= Self.interval || last {
            if processor == 0 {
                time = min(passed, Self.longestStretch)
                if !last { processor = Self.processorClock() }
            } else {
                let here = Self.processorClock()
                time = here > processor ? here - processor : 0
                processor = here
            }
            if isEvaluating { elapsed = passed }
            wall = now
        }
        let bytes = arena.bytesInUse
        budget.add(
            processorNanoseconds: Int(time), elapsedNanoseconds: Int(elapsed),
            memory: max(0, bytes - self.arena) + max(0, outside - outsideCharged)
        )
        self.arena = max(self.arena, bytes)
        outsideCharged = max(outsideCharged, outside)
    }
}

/// Charging what functions do besides evaluating nodes.
extension Context {
    var budget: EvaluationBudget? { state.pointee.meter.budget }

    /// Counts work on `bytes` bytes: 64 of them as one evaluated node. Call it before a pass over a long text, or along
    /// the way of one whose length is not known.
    @inline(__always) @_spi(Engine) public func work(_ bytes: Int) throws {
        state.pointee.ticks &-= Int32(truncatingIfNeeded: min(bytes, 1 << 34) &>> 6)
        if state.pointee.ticks < 0 { try check() }
    }

    /// Counts `bytes` that a function takes outside of the arena (Swift arrays and strings) towards the memory limit. They
    /// count until the evaluation ends.
    @_spi(Engine) public func hold(_ bytes: Int) throws {
        state.pointee.meter.outside += bytes
        if bytes > 1 << 16 { try check() } else { try work(bytes) }
    }

    /// Runs work on this context that is not an evaluation, such as reading a document, and charges it.
    func metered<Result, Failure: Error>(
        _ budget: EvaluationBudget?, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard let budget else { return try body() }
        state.pointee.meter.start(budget, isEvaluating: false, now: Self.clock(), arena: arena)
        defer { endMetering() }
        return try body()
    }

    /// The last charge of an evaluation.
    func endMetering() {
        guard state.pointee.meter.budget != nil else { return }
        state.pointee.meter.charge(now: Self.clock(), arena: arena, last: true)
        state.pointee.meter.budget = nil
    }

    /// Bytes that the evaluation may still take, by its own limit and by the budget.
    var memoryLeft: Int {
        let own = state.pointee.limits.memory - arena.bytesInUse - state.pointee.meter.outside
        guard let budget else { return own }
        let uncharged =
            arena.bytesInUse - state.pointee.meter.arena + state.pointee.meter.outside
            - state.pointee.meter.outsideCharged
        return min(own, budget.memoryLimit - budget.memoryUsed - uncharged)
    }

    /// The error for memory that is used up.
    func memoryFault() -> JSONataError {
        if let budget, state.pointee.limits.memory - arena.bytesInUse - state.pointee.meter.outside >= 0 {
            return budget.fault(.memory)
        }
        return JSONataError("D1013", "the evaluation needs more than \(state.pointee.limits.memory) bytes")
    }
}
