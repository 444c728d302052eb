/// Memory that is handed out by moving a pointer and given back all at once: values of one evaluation live in it.
///
/// An arena belongs to one thread at a time. The struct is a plain handle: copies mean the same memory, and `destroy`
/// ends them all.
@_spi(Engine) public struct Arena {
    @usableFromInline let state: UnsafeMutablePointer<State>

    @usableFromInline struct State {
        @usableFromInline var top: UnsafeMutableRawPointer
        @usableFromInline var end: UnsafeMutableRawPointer
        var chunks: [UnsafeMutableRawBufferPointer]
        /// Bytes of all chunks.
        var total: Int
        /// Bytes that may be in use. Allocation never fails for it: whoever allocates much asks before, loops ask now and then.
        var limit: Int
        #if DEBUG
            /// Of `overwrite`.
            var turn = 0
        #endif
    }

    @_spi(Engine) public static let firstChunk = 1 << 16
    private static let largestChunk = 1 << 23
    /// What a pooled arena may keep between uses.
    private static let largestKept = 1 << 24

    /// - Parameter firstChunk: bytes to begin with. What keeps a few texts for as long as the process lives begins small: there
    ///   are thousands of them.
    @_spi(Engine) public init(limit: Int = .max, firstChunk: Int = Arena.firstChunk) {
        state = .allocate(capacity: 1)
        let chunk = Self.chunk(firstChunk)
        state.initialize(
            to: State(
                top: chunk.baseAddress!, end: chunk.baseAddress! + chunk.count, chunks: [chunk], total: chunk.count,
                limit: limit
            )
        )
    }

    private static func chunk(_ size: Int) -> UnsafeMutableRawBufferPointer {
        .allocate(byteCount: size, alignment: 16)
    }

    @_spi(Engine) public func destroy() {
        for chunk in state.pointee.chunks { chunk.deallocate() }
        state.deinitialize(count: 1)
        state.deallocate()
    }

    /// Forgets every value; the memory is used again.
    @_spi(Engine) public func reset(limit: Int) {
        state.pointee.limit = limit
        if state.pointee.chunks.count > 1 {
            // One chunk of the size that was needed, so that the next evaluation of its kind finds it all in one piece.
            let size = min(state.pointee.total, Self.largestKept)
            for chunk in state.pointee.chunks { chunk.deallocate() }
            state.pointee.chunks = [Self.chunk(size)]
            state.pointee.total = size
        }
        let chunk = state.pointee.chunks[0]
        #if DEBUG
            overwrite(UnsafeMutableRawBufferPointer(rebasing: chunk.prefix(bytesInUse)))
        #endif
        state.pointee.top = chunk.baseAddress!
        state.pointee.end = chunk.baseAddress! + chunk.count
    }

    #if DEBUG
        /// Fills memory with something else each time: where values depend on memory that nobody has written, or
        /// that lies behind a string, they differ from one evaluation to the next, and tests see it.
        private func overwrite(_ chunk: UnsafeMutableRawBufferPointer) {
            let fillings: [UInt8] = [0x00, 0xFF, 0x61, 0x01, 0x20, 0x22, 0x80]
            state.pointee.turn += 1
            chunk.initializeMemory(as: UInt8.self, repeating: fillings[state.pointee.turn % fillings.count])
        }
    #endif

    /// What an arena held at a moment.
    @_spi(Engine) public struct Mark {
        fileprivate var top: UnsafeMutableRawPointer
        fileprivate var end: UnsafeMutableRawPointer
        fileprivate var chunks: Int
    }

    @_spi(Engine) public var mark: Mark {
        Mark(top: state.pointee.top, end: state.pointee.end, chunks: state.pointee.chunks.count)
    }

    /// Forgets every value since `mark`; those from before stay.
    @_spi(Engine) public func rewind(to mark: Mark) {
        while state.pointee.chunks.count > mark.chunks, let last = state.pointee.chunks.popLast() {
            state.pointee.total -= last.count
            last.deallocate()
        }
        #if DEBUG
            overwrite(UnsafeMutableRawBufferPointer(start: mark.top, count: mark.end - mark.top))
        #endif
        state.pointee.top = mark.top
        state.pointee.end = mark.end
    }

    /// Gives the memory of many values back, before `reset` makes room for as many.
    @_spi(Engine) public func trim() {
        guard state.pointee.total > Self.largestKept else { return }
        rewind(to: Mark(top: state.pointee.chunks[0].baseAddress!, end: state.pointee.chunks[0].end, chunks: 1))
    }

    @_spi(Engine) public var bytesInUse: Int { state.pointee.total - (state.pointee.end - state.pointee.top) }
    @_spi(Engine) public var limit: Int { state.pointee.limit }
    /// Whether `bytes` more would pass the limit: asked before single large allocations.
    @_spi(Engine) public func wouldExhaust(_ bytes: Int) -> Bool { bytes > state.pointee.limit - bytesInUse }

    /// Uninitialised memory, aligned to 16 bytes.
    @inlinable @inline(__always)
    @_spi(Engine) public func allocate(_ bytes: Int) -> UnsafeMutableRawPointer {
        assert(bytes >= 0)
        let size = (bytes &+ 15) & ~15
        let start = state.pointee.top
        if size <= state.pointee.end - start {
            state.pointee.top = start + size
            return start
        }
        return allocateSlowly(size)
    }

    @inlinable @inline(__always)
    @_spi(Engine) public func values(_ count: Int) -> UnsafeMutablePointer<Value> {
        allocate(count &* 16).assumingMemoryBound(to: Value.self)
    }

    /// Extends the latest allocation in place where it is the latest and room is left.
    @inlinable @inline(__always)
    @_spi(Engine) public func extend(_ start: UnsafeMutableRawPointer, from old: Int, to new: Int) -> Bool {
        guard start + ((old &+ 15) & ~15) == state.pointee.top else { return false }
        let end = start + ((new &+ 15) & ~15)
        guard end <= state.pointee.end else { return false }
        state.pointee.top = end
        return true
    }

    @usableFromInline @inline(never)
    func allocateSlowly(_ size: Int) -> UnsafeMutableRawPointer {
        let grown = min(state.pointee.total, Self.largestChunk)
        let chunk = Self.chunk(max(size, grown))
        state.pointee.chunks.append(chunk)
        state.pointee.total += chunk.count
        state.pointee.top = chunk.baseAddress! + size
        state.pointee.end = chunk.baseAddress! + chunk.count
        return chunk.baseAddress!
    }
}

extension UnsafeMutableRawBufferPointer {
    fileprivate var end: UnsafeMutableRawPointer { baseAddress! + count }
}
