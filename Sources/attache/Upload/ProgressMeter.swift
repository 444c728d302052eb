import Synchronization

/// Shows on standard error how far an upload is: a bar drawn over itself on a terminal, else a line now and then.
final class ProgressMeter: Sendable {
    enum Style: Sendable {
        case bar, lines, none

        /// The time between two drawings.
        var pause: Duration { self == .bar ? .milliseconds(100) : .seconds(5) }
    }

    private struct State {
        var sent = 0
        var drawn: ContinuousClock.Instant
        var hasDrawn = false
        var isFinished = false
    }

    private let total: Int?
    private let style: Style
    private let start: ContinuousClock.Instant
    private let state: Mutex<State>

    init(total: Int?, style: Style) {
        self.total = total
        self.style = style
        start = .now
        state = Mutex(State(drawn: start))
    }

    /// Counts bytes that were handed to the connection.
    func add(_ bytes: Int) {
        state.withLock { state in
            state.sent += bytes
            guard style != .none, !state.isFinished, state.drawn.duration(to: .now) >= style.pause else { return }
            draw(&state)
        }
    }

    /// Draws the last state and leaves the bar's line; the cursor is at the start of a line afterwards.
    func finish() {
        state.withLock { state in
            guard style != .none, !state.isFinished else { return }
            state.isFinished = true
            draw(&state)
            if style == .bar { Console.draw("\n") }
        }
    }

    /// Ends a bar that was drawn, so that what is said next stands on a line of its own.
    func leave() {
        state.withLock { state in
            if style == .bar, state.hasDrawn, !state.isFinished { Console.draw("\n") }
            state.isFinished = true
        }
    }

    private func draw(_ state: inout State) {
        state.drawn = .now
        state.hasDrawn = true
        let line = ProgressLine(sent: state.sent, total: total, elapsed: start.duration(to: .now))
        // ESC [ K wipes what is left of a longer line before.
        if style == .bar { Console.draw("\r\(line.bar)\u{1B}[K") } else { Console.error(line.text) }
    }
}
