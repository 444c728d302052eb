/// One step of a compiled pattern; 16 bytes, trivial, so that the matcher's loop is a load and a jump.
struct RegexInstruction: Sendable {
    /// What `x`, `y` and `z` mean is said at each case. "Near" is the next instruction.
    enum Operation: UInt8, Sendable {
        /// The byte `byte`.
        case byte
        /// `y` bytes of the pool from `x`.
        case literal
        /// The same, with `y` case masks right after the bytes in the pool.
        case folded
        /// One code unit of class `x`.
        case set
        /// As many units of class `x` as there are, at least `y`, at most `z`; never given back.
        case runPossessive
        /// The same, giving back one unit at a time. With `hasHint`, what follows must begin with `byte`.
        case runGreedy
        /// At least `y` units of class `x`, at most `z`, taking one more at a time.
        case runLazy
        /// The previous unit, backwards: looking behind.
        case backSet
        case backLiteral
        case backFolded
        case jump
        /// Near first, `x` on failure.
        case split
        /// `x` first, near on failure.
        case splitFar
        /// As `split`, with near possible only on bytes of class `y` and far only on those of class `z`.
        case branch
        /// As `splitFar`, the same way.
        case branchFar
        /// Stores the position in slot `x`.
        case save
        /// Forgets the slots from `x` up to and excluding `y`.
        case forget
        /// Sets slot `x` to 0: a loop's count begins.
        case resetCount
        /// Loop `z` decides by its count in slot `y` whether to go on (near) or to leave (`x`).
        case loop
        /// Adds one to slot `x`; always right after a `loop`.
        case count
        /// Fails if the iteration begun at slot `x` was empty, once the count in slot `y` (if any) exceeds `z`.
        case progress
        case lineStart
        case anyLineStart
        case lineEnd
        case anyLineEnd
        case wordBoundary
        case notWordBoundary
        /// Looks around: stack height to slot `x`, position to slot `x + 1`.
        case look
        /// Ends a positive look: choices inside are settled, the position is as before.
        case lookEnd
        /// As `look`; continues at `y` when the body fails.
        case lookNot
        case lookNotEnd
        /// What group `x` captured.
        case reference
        case foldedReference
        case backReference
        case backFoldedReference
        case accept
    }

    var operation: Operation
    var byte: UInt8 = 0
    var hasHint: Bool = false
    /// Which of the matcher's memos is this run's; see `RegexMemo`.
    var memo: UInt8 = RegexMemo.none
    var x: Int32 = 0
    var y: Int32 = 0
    var z: Int32 = 0
}
