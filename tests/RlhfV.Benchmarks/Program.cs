using System.CommandLine;
using RlhfV.Benchmarks.Commands;

// One command per file in Commands; each prints JSON lines and nothing else to the standard output.
var root = new RootCommand("Measures RLHF-V for .NET. Every result is one JSON line with the machine it was measured on.")
{
    DiffCommand.Create(),
    GenerateCommand.Create(),
    LoadCommand.Create(),
    MakeDataCommand.Create(),
    OptimizerCommand.Create(),
    ReadCommand.Create(),
    ScoreCommand.Create(),
    ServeCommand.Create(),
    TrainStepCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
