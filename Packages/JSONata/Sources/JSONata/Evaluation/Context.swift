@_spi(Engine) public import JSON
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The state of one evaluation, passed to every node and function. A handle: copies mean the same evaluation.
///
/// Belongs to one thread. It is a pointer rather than a class so that reading a field costs a load and nothing else.
@_spi(Engine) public struct Context {
    let state: UnsafeMutablePointer<State>

    struct State {
        let arena: Arena
        var depth = 0
        var depthLimit = 0
        var stackLowest: UInt = 0
        /// Evaluations until the clock and the memory are looked at again.
        var ticks: Int32 = 0
        var deadline: UInt64 = .max
        var limits = EvaluationLimits.standard
        var meter = Meter()

        /// Arguments of the calls that are running.
        let argumentStack: UnsafeMutablePointer<Value>
        var argumentTop = 0

        /// Where member look-ups found their member last, by look-up site.
        var hints: UnsafeMutablePointer<Int32>
        var hintCount = 0
        /// Values of names that no scope of the program declares, by number.
        var globals: UnsafeMutablePointer<Value>
        var globalCount = 0
        var globalNames: [String] = []
        var root = Value.undefined
        var bindings: [(name: String, value: Value)] = []

        var thunk = Thunk()
        /// Frames to use again, by number of slots.
        var freeFrames:
            (
                UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?,
                UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?
            ) = (nil, nil, nil, nil, nil, nil, nil, nil)

        /// What values of this evaluation point to without owning it.
        var retained: [AnyObject] = []
        var programs: [String: Program] = [:]
        var milliseconds: Double?
        var scratch: ByteSink
        var functions: FunctionLibrary = .standard
        let regexScratch = RegexScratch()
        var pictures = PictureCaches()
        var growing = GrowingValues()
    }

    /// The call that a tail call asked its caller to make.
    struct Thunk {
        var call: Unmanaged<CallNode>?
        var frame = Frame.none
        var input = Value.undefined
        /// The frame around the function that made the tail call: those inside it end with the call.
        var outer = Frame.none
    }

    static let argumentCapacity = 1 << 16
    private static let checkInterval: Int32 = 256

    init() {
        state = .allocate(capacity: 1)
        state.initialize(
            to: State(
                arena: Arena(), argumentStack: .allocate(capacity: Self.argumentCapacity),
                hints: .allocate(capacity: 1), globals: .allocate(capacity: 1), scratch: ByteSink(capacity: 4096)
            )
        )
    }

    func destroy() {
        state.pointee.arena.destroy()
        state.pointee.argumentStack.deallocate()
        state.pointee.hints.deallocate()
        state.pointee.globals.deallocate()
        state.pointee.scratch.destroy()
        state.pointee.growing.destroy()
        state.deinitialize(count: 1)
        state.deallocate()
    }

    @inline(__always) @_spi(Engine) public var arena: Arena { state.pointee.arena }

    /// Starts the clock and the counters of an evaluation. Values that are in the arena stay.
    func start(_ limits: EvaluationLimits, _ budget: EvaluationBudget?) {
        state.pointee.limits = limits
        state.pointee.depth = 0
        state.pointee.depthLimit = limits.depth
        state.pointee.stackLowest = StackGuard.lowest
        state.pointee.ticks = Self.checkInterval
        state.pointee.argumentTop = 0
        state.pointee.milliseconds = nil
        state.pointee.growing.forget()
        state.pointee.regexScratch.start(state)
        let duration = UInt64(max(0, min(limits.milliseconds, 1 << 40))) * 1_000_000
        let now = limits.milliseconds == .max && budget == nil ? 0 : Self.clock()
        state.pointee.deadline = limits.milliseconds == .max ? .max : now + duration
        state.pointee.meter.start(budget, isEvaluating: true, now: now, arena: arena)
    }

    /// Forgets all values.
    func reset(_ limits: EvaluationLimits) {
        finish()
        state.pointee.limits = limits
        state.pointee.meter = Meter()
        arena.reset(limit: limits.memory)
    }

    /// Forgets the values since `mark`, and what they pointed to.
    func rewind(to mark: Arena.Mark, retained: Int) {
        state.pointee.retained.removeSubrange(retained...)
        state.pointee.freeFrames = (nil, nil, nil, nil, nil, nil, nil, nil)
        arena.rewind(to: mark)
    }

    /// Ends it: what the values pointed to is let go.
    func finish() {
        if !state.pointee.retained.isEmpty { state.pointee.retained.removeAll() }
        if !state.pointee.programs.isEmpty { state.pointee.programs.removeAll() }
        if !state.pointee.bindings.isEmpty { state.pointee.bindings.removeAll() }
        state.pointee.freeFrames = (nil, nil, nil, nil, nil, nil, nil, nil)
        state.pointee.regexScratch.trim()
    }

    /// Nanoseconds of a clock that is never set back.
    static func clock() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// Milliseconds since 1970, the same throughout one evaluation.
    @_spi(Engine) public var now: Double {
        if let known = state.pointee.milliseconds { return known }
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let now = Double(time.tv_sec) * 1000 + Double(time.tv_nsec / 1_000_000)
        state.pointee.milliseconds = now
        return now
    }

    // MARK: Guards

    /// Counts one more nested evaluation. On an error nothing need be undone: no construct of the language catches one.
    @inline(__always) func enter() throws {
        let depth = state.pointee.depth &+ 1
        state.pointee.depth = depth
        state.pointee.ticks &-= 1
        if depth > state.pointee.depthLimit || state.pointee.ticks < 0 || StackGuard.here < state.pointee.stackLowest {
            try check()
        }
    }

    @inline(__always) func leave() { state.pointee.depth &-= 1 }

    /// Counts one turn of a loop that evaluates nothing itself.
    @inline(__always) @_spi(Engine) public func tick() throws {
        state.pointee.ticks &-= 1
        if state.pointee.ticks < 0 { try check() }
    }

    @inline(never) func check() throws {
        if state.pointee.depth > state.pointee.depthLimit {
            throw JSONataError("D1011", "evaluations nest deeper than \(state.pointee.depthLimit)")
        }
        if StackGuard.here < state.pointee.stackLowest { throw StackExhausted() }
        try checkResources()
    }

    /// Looks at the clock and the memory, and charges the budget.
    func checkResources() throws {
        state.pointee.ticks = Self.checkInterval
        let now = Self.clock()
        if let budget = state.pointee.meter.budget {
            state.pointee.meter.charge(now: now, arena: arena)
            try budget.check()
        }
        if now > state.pointee.deadline {
            throw JSONataError("D1012", "the evaluation took longer than \(state.pointee.limits.milliseconds) ms")
        }
        if arena.bytesInUse + state.pointee.meter.outside > state.pointee.limits.memory { throw memoryFault() }
    }

    /// Checks room before one large allocation, and counts the work of filling it.
    @_spi(Engine) public func reserve(_ bytes: Int) throws {
        if bytes > 1 << 12 { try reserveMuch(bytes) }
    }

    @inline(never) private func reserveMuch(_ bytes: Int) throws {
        if bytes > 1 << 16, bytes > memoryLeft || bytes > Int(Int32.max) { throw memoryFault() }
        try work(bytes)
    }

    @inline(__always) @_spi(Engine) public func checkSequence(_ count: Int) throws {
        if count > state.pointee.limits.sequence { try sequenceFault(count) }
    }

    @inline(never) private func sequenceFault(_ count: Int) throws {
        throw JSONataError("D2015", "a sequence has more than \(state.pointee.limits.sequence) items")
    }

    /// For recursion over data that does not go through nodes.
    @inline(__always) @_spi(Engine) public func checkStack() throws {
        if StackGuard.here < state.pointee.stackLowest { throw StackExhausted() }
    }

    // MARK: Frames

    func frame(slots: Int, parent: Frame) -> Frame {
        if slots < 8, let memory = takeFree(slots) { return Frame(at: memory, slots: slots, parent: parent) }
        return Frame(at: arena.allocate(Frame.size(slots: slots)), slots: slots, parent: parent)
    }

    @inline(__always) private func freeList(_ slots: Int) -> UnsafeMutablePointer<UnsafeMutableRawPointer?> {
        let offset = MemoryLayout<State>.offset(of: \State.freeFrames).unsafelyUnwrapped
        return (UnsafeMutableRawPointer(state) + offset).assumingMemoryBound(to: UnsafeMutableRawPointer?.self) + slots
    }

    private func takeFree(_ slots: Int) -> UnsafeMutableRawPointer? {
        let list = freeList(slots)
        guard let memory = list.pointee else { return nil }
        list.pointee = memory.load(as: UnsafeMutableRawPointer?.self)
        return memory
    }

    /// Gives a frame back once its scope has ended, unless a function value holds it.
    func release(_ frame: Frame) {
        guard let memory = frame.address, !frame.captured, frame.slots < 8 else { return }
        let list = freeList(frame.slots)
        memory.storeBytes(of: list.pointee, as: UnsafeMutableRawPointer?.self)
        list.pointee = memory
    }

    // MARK: Arguments

    /// Room for `count` arguments; give it back with `pop`.
    @inline(__always) func push(_ count: Int) throws -> UnsafeMutablePointer<Value> {
        let top = state.pointee.argumentTop
        guard top &+ count <= Self.argumentCapacity else {
            throw JSONataError("D1011", "too many arguments of nested calls")
        }
        state.pointee.argumentTop = top &+ count
        return state.pointee.argumentStack + top
    }

    @inline(__always) func pop(_ count: Int) { state.pointee.argumentTop &-= count }

    @inline(__always) func hint(_ site: Int) -> UnsafeMutablePointer<Int32> { state.pointee.hints + site }

    /// Keeps `object` until the evaluation ends.
    @_spi(Engine) public func retain(_ object: AnyObject) { state.pointee.retained.append(object) }
}

/// The thread's stack has no room for deeper recursion: the evaluation is to be run again on a larger one.
struct StackExhausted: Error {}
