import JSON
import UnixSignals

/// An upload with what may end it before a response comes: a signal, or nothing moving for too long.
struct WatchedUpload: Sendable {
    var call: UploadCall
    var form: UploadForm
    var meter: ProgressMeter
    /// How long nothing may move; nil to wait for ever.
    var patience: Duration?

    private enum Outcome: Sendable {
        case response(JSONValue)
        case signal(Int32)
        case stalled
        case cancelled
    }

    /// - Throws: `Interrupted`, or `CommandError` that says what became of the file.
    func run() async throws -> JSONValue {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let outcome = try await withThrowingTaskGroup(of: Outcome.self) { group in
            group.addTask { .response(try await call.send(form, meter: meter)) }
            group.addTask {
                for await signal in signals { return .signal(signal.rawValue) }
                return .cancelled
            }
            group.addTask { await stall() ? .stalled : .cancelled }
            group.addTask {
                await meter.run()
                // Drawing has nothing to end the upload for.
                while (try? await Task.sleep(for: .seconds(3600))) != nil {}
                return .cancelled
            }
            defer { group.cancelAll() }
            return try await group.next() ?? .cancelled
        }
        switch outcome {
        case .response(let response): return response
        case .signal(let number): throw Interrupted(signal: number, message: "Cancelled. \(fate)")
        case .stalled:
            let seconds = patience.map { Int($0.components.seconds) } ?? 0
            throw CommandError("\(call.gateway) did not move for \(seconds) s. \(fate)", do: "See --timeout")
        case .cancelled: throw CancellationError()
        }
    }

    private var fate: String { meter.fate.sentence(hasIdempotencyKey: call.idempotencyKey != nil) }

    /// Whether nothing has moved for as long as it may; false when cancelled before that.
    private func stall() async -> Bool {
        guard let patience else {
            while (try? await Task.sleep(for: .seconds(3600))) != nil {}
            return false
        }
        while true {
            let rest = patience - meter.idle()
            if rest <= .zero { return true }
            guard (try? await Task.sleep(for: rest)) != nil else { return false }
        }
    }
}
