/// Random numbers for ids and tokens: the system's, or those that the options give, so that a run can be repeated.
struct SandboxRandom: RandomNumberGenerator, Sendable {
    let source: (@Sendable () -> UInt64)?

    func next() -> UInt64 {
        if let source { return source() }
        var system = SystemRandomNumberGenerator()
        return system.next()
    }

    func bytes(_ count: Int) -> [UInt8] {
        var generator = self
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}

extension SandboxOptions {
    var randomNumbers: SandboxRandom { SandboxRandom(source: random) }
}
