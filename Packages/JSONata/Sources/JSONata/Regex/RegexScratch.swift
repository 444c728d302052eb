/// The memory of a match behind plain pointers, so that the matcher pays no access checks.
struct RegexState {
    var slots: UnsafeMutablePointer<Int32>
    var slotCapacity: Int
    var frames: UnsafeMutablePointer<RegexFrame>
    var frameCapacity: Int
    /// Steps until `refill` is asked for more.
    var budget: Int
    /// Steps that are left beyond `budget`.
    var reserve: Int
    let memos: UnsafeMutablePointer<RegexMemo>
    /// What the memos are about.
    var program: UnsafePointer<RegexInstruction>?
    var subject: UnsafePointer<UInt8>?
    var subjectEnd = 0
    /// The evaluation that matches, which has a clock to look at; nil in tests of matching alone.
    var owner: UnsafeMutablePointer<Context.State>?
    /// Why the evaluation is to end, where it was the clock that said so.
    var failure: (any Error)?

    /// Steps between two looks at the clock: about half a millisecond.
    static let slice = 1 << 16

    /// Grants more steps; false when there are none, or the evaluation is over its limits.
    mutating func refill() -> Bool {
        guard reserve > 0 else { return false }
        let more = min(reserve, Self.slice)
        reserve -= more
        budget = more
        guard let owner else { return true }
        do {
            try Context(sharing: owner).checkResources()
            return true
        } catch {
            failure = error
            return false
        }
    }

    /// Makes room for more frames; false when that would be too many.
    mutating func growFrames() -> Bool {
        if frameCapacity >= RegexScratch.mostFrames { return false }
        owner?.pointee.meter.outside += frameCapacity * MemoryLayout<RegexFrame>.stride
        let larger = UnsafeMutablePointer<RegexFrame>.allocate(capacity: frameCapacity * 2)
        larger.update(from: frames, count: frameCapacity)
        frames.deallocate()
        frames = larger
        frameCapacity *= 2
        return true
    }

    mutating func reserve(slots count: Int) {
        if count <= slotCapacity { return }
        slots.deallocate()
        slotCapacity = count
        slots = .allocate(capacity: count)
    }
}

/// The working memory of matching: one for each thread of work, used again for every match.
///
/// After a successful match it holds where the match and its groups are, as byte offsets into the subject.
final class RegexScratch {
    let state: UnsafeMutablePointer<RegexState>

    /// How many steps back matches may still take; patterns of users may not hold a worker for ever.
    var budget: Int {
        get { state.pointee.budget + state.pointee.reserve }
        set {
            state.pointee.budget = min(newValue, RegexState.slice)
            state.pointee.reserve = newValue - state.pointee.budget
        }
    }

    /// Begins an evaluation's matching.
    func start(_ owner: UnsafeMutablePointer<Context.State>) {
        budget = Self.standardBudget
        state.pointee.owner = owner
        state.pointee.failure = nil
        state.pointee.program = nil
    }

    /// Gives back memory that only an unusual match needs.
    func trim() {
        state.pointee.failure = nil
        guard state.pointee.frameCapacity > 1 << 14 else { return }
        state.pointee.frames.deallocate()
        state.pointee.frameCapacity = 64
        state.pointee.frames = .allocate(capacity: 64)
    }

    /// Some tenths of a second of pure backtracking.
    static let standardBudget = 20_000_000
    /// 64 MB of frames: a match that wants more has lost its way.
    static let mostFrames = 4_000_000

    init() {
        state = .allocate(capacity: 1)
        state.initialize(
            to: RegexState(
                slots: .allocate(capacity: 32), slotCapacity: 32, frames: .allocate(capacity: 64), frameCapacity: 64,
                budget: RegexState.slice, reserve: RegexScratch.standardBudget - RegexState.slice,
                memos: .allocate(capacity: RegexMemo.most)
            )
        )
        state.pointee.memos.initialize(repeating: RegexMemo(), count: RegexMemo.most)
    }

    deinit {
        state.pointee.slots.deallocate()
        state.pointee.frames.deallocate()
        state.pointee.memos.deallocate()
        state.deinitialize(count: 1)
        state.deallocate()
    }

    /// Where the last match is.
    var match: Range<Int> { Int(state.pointee.slots[0])..<Int(state.pointee.slots[1]) }

    /// Where group `index`, counted from 1, is; nil if it took no part in the match.
    func group(_ index: Int) -> Range<Int>? {
        let start = state.pointee.slots[2 * index]
        let end = state.pointee.slots[2 * index + 1]
        return start < 0 || end < start ? nil : Int(start)..<Int(end)
    }
}

/// Something to go back to.
struct RegexFrame {
    enum Kind {
        /// Go on at instruction `target` from position `a`.
        static let choice: Int32 = 0
        /// Put `b` back into slot `a`.
        static let undo: Int32 = 1
        /// A greedy run that reached position `a` and may shrink to `b`, followed by `target`.
        static let run: Int32 = 2
        /// The same, where what follows begins with the run's hint.
        static let hintedRun: Int32 = 3
        /// A lazy run at position `a` that may take `b` more units, followed by `target`.
        static let lazyRun: Int32 = 4
    }

    var kind: Int32
    var target: Int32
    var a: Int32
    var b: Int32
}
