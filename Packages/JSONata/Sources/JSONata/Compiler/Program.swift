@_spi(Engine) import JSON

/// A compiled expression: nodes, the constants they point to, and what an evaluation must provide.
final class Program: @unchecked Sendable {
    // Everything is written by the compiler before the program is handed out; the arena is only read after that.

    let root: Node
    let constants: Arena
    /// Look-up sites up to and including this program's.
    let hints: Int
    /// Names looked for among the caller's bindings, by number.
    let globals: [String]
    /// Native functions that constants of function type refer to.
    let retained: [AnyObject]

    init(root: Node, constants: Arena, hints: Int, globals: [String], retained: [AnyObject]) {
        self.root = root
        self.constants = constants
        self.hints = hints
        self.globals = globals
        self.retained = retained
    }

    deinit { constants.destroy() }
}
