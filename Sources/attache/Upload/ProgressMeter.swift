import Synchronization

/// Counts what of an upload has been sent, and shows it on standard error.
///
/// It is drawn by time, not by bytes: a transfer that stands still is what its watcher most needs to see.
final class ProgressMeter: Sendable {
    enum Style: Sendable {
        /// A bar drawn over itself, on a terminal.
        case bar
        /// A line now and then, for the log of a long transfer.
        case lines
        case none

        /// The time before the first drawing.
        var lead: Duration { self == .bar ? .milliseconds(200) : .seconds(5) }
        /// The time between two drawings.
        var pause: Duration { self == .bar ? .milliseconds(100) : .seconds(5) }
    }

    private struct State {
        var sent = 0
        var isWhole = false
        var lastMove: ContinuousClock.Instant
        var hasDrawn = false
        var isFinished = false
    }

    private let total: Int?
    private let style: Style
    private let start: ContinuousClock.Instant
    private let state: Mutex<State>
    private let output: @Sendable (String) -> Void

    /// - Parameter output: takes what is drawn; lines come with their ends.
    init(
        total: Int?, style: Style, start: ContinuousClock.Instant = .now,
        output: @escaping @Sendable (String) -> Void = { Console.draw($0) }
    ) {
        self.total = total
        self.style = style
        self.start = start
        self.output = output
        state = Mutex(State(lastMove: start))
    }

    /// Counts bytes of the file that were handed to the connection.
    func add(_ bytes: Int, at now: ContinuousClock.Instant = .now) {
        state.withLock { state in
            state.sent += bytes
            state.lastMove = now
        }
    }

    /// The whole request has been handed to the connection.
    func sentWhole(at now: ContinuousClock.Instant = .now) {
        state.withLock { state in
            state.isWhole = true
            state.lastMove = now
        }
    }

    /// What of the file has been sent.
    var fate: UploadFate {
        state.withLock { UploadFate(sent: $0.sent, total: total, isWhole: $0.isWhole) }
    }

    /// How long nothing has moved.
    func idle(at now: ContinuousClock.Instant = .now) -> Duration { state.withLock { $0.lastMove.duration(to: now) } }

    /// Draws until it is cancelled.
    func run() async {
        guard style != .none, (try? await Task.sleep(for: style.lead)) != nil else { return }
        repeat { draw() } while (try? await Task.sleep(for: style.pause)) != nil
    }

    func draw(at now: ContinuousClock.Instant = .now) {
        state.withLock { state in
            guard style != .none, !state.isFinished else { return }
            draw(&state, at: now)
        }
    }

    /// Draws the last state and leaves the bar's line; the cursor is at the start of a line afterwards.
    func finish(at now: ContinuousClock.Instant = .now) {
        state.withLock { state in
            guard !state.isFinished else { return }
            state.isFinished = true
            guard style == .bar || style == .lines && state.hasDrawn else { return }
            draw(&state, at: now)
            if style == .bar { output("\n") }
        }
    }

    /// Ends a bar that was drawn, so that what is said next stands on a line of its own.
    func leave() {
        state.withLock { state in
            if style == .bar, state.hasDrawn, !state.isFinished { output("\n") }
            state.isFinished = true
        }
    }

    private func draw(_ state: inout State, at now: ContinuousClock.Instant) {
        state.hasDrawn = true
        let idle = state.lastMove.duration(to: now)
        let line = ProgressLine(
            sent: state.sent, total: total, elapsed: start.duration(to: now),
            phase: state.isFinished ? .done : state.isWhole ? .waiting(idle) : .sending(idle: idle)
        )
        // ESC [ K wipes what is left of a longer line before.
        output(style == .bar ? "\r\(line.bar)\u{1B}[K" : "\(line.text)\n")
    }
}
