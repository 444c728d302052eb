@_spi(Engine) import JSON
import Testing

/// What an arena forgets, and what it keeps.
@Suite struct ArenaMarkTests {
    @Test(arguments: [1, 100, 1 << 17, 1 << 20]) func `values from before a mark stay, and later ones make room`(bytes: Int) throws {
        let arena = Arena(firstChunk: 1 << 10)
        defer { arena.destroy() }
        let kept = Value(copying: "kept", in: arena)
        let mark = arena.mark
        let used = arena.bytesInUse
        for _ in 0..<20 {
            let text = String(repeating: "x", count: bytes)
            #expect(Value(copying: text, in: arena).bytes.elementsEqual(text.utf8))
            arena.rewind(to: mark)
            #expect(arena.bytesInUse == used)
        }
        #expect(kept.bytes.elementsEqual("kept".utf8))
    }

    @Test func `what was much is given back`() {
        let arena = Arena()
        defer { arena.destroy() }
        for _ in 0..<40 { _ = arena.allocate(1 << 20) }
        arena.trim()
        #expect(arena.bytesInUse == 0)
        _ = arena.allocate(1000)
        #expect(arena.bytesInUse == 1008)
    }
}
