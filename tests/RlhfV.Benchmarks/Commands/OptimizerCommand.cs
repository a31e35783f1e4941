using System.CommandLine;
using System.Diagnostics;
using RlhfV.Training.Optimization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RlhfV.Benchmarks.Commands;

/// <summary>
/// A step of the fused AdamW over flat buffers, gradient norm and clearing included, against TorchSharp's doing the same.
/// </summary>
internal static class OptimizerCommand
{
    private const long MatrixSize = 1 << 20;

    public static Command Create()
    {
        var parameters = new Argument<double>("parameters") { Description = "Millions of parameters." };
        var runs = new Option<int>("--runs") { Description = "Timed steps of each, alternating.", DefaultValueFactory = _ => 7 };
        var threads = new Option<int>("--threads") { Description = "Threads of libtorch; 0 for its own choice." };
        var command = new Command("optimizer", "Compares the fused AdamW with TorchSharp's.") { parameters, runs, threads };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(threads) is > 0 and int count)
                set_num_threads(count);
            using var scope = NewDisposeScope();
            int matrices = (int)Math.Max(1, Math.Round(parsed.GetValue(parameters) * 1e6 / MatrixSize));
            Parameter[] ours = Make(matrices), theirs = Make(matrices);
            using var flat = new FlatParameters(ours.Select((p, i) => ($"{i}", p)), (_, _) => new ParameterGroup(0.01));
            using var fused = new RlhfV.Training.Optimization.AdamW(flat, new AdamWOptions());
            var reference = optim.AdamW(theirs, lr: 1e-4, weight_decay: 0.01);
            foreach (Parameter parameter in theirs)
                parameter.grad = ones_like(parameter);
            var (fast, slow) = (new List<TimeSpan>(), new List<TimeSpan>());
            for (int run = 0; run <= parsed.GetValue(runs); run++)
            {
                flat.Gradients.copy_(ones(1).expand(flat.Count));
                fast.Add(Time(() => fused.Step(1e-4, RlhfV.Training.Optimization.AdamW.ClipScale(fused.GradientNorm(), 1))));
                foreach (Parameter parameter in theirs)
                    parameter.grad!.copy_(ones(1).expand(parameter.shape));
                slow.Add(Time(() => Reference(reference, theirs)));
            }

            Print("fused", fast);
            Print("torchsharp", slow);

            void Print(string name, List<TimeSpan> timings) => new BenchmarkResult("optimizer")
                .Add("optimizer", name)
                .Add("parameters_m", matrices * MatrixSize / 1e6)
                .AddSeconds(timings.Skip(1))
                .Print();
        });
        return command;
    }

    private static void Reference(optim.Optimizer optimizer, Parameter[] parameters)
    {
        using var scope = NewDisposeScope();
        nn.utils.clip_grad_norm_(parameters, 1.0);
        optimizer.step();
        foreach (Parameter parameter in parameters)
            parameter.grad!.zero_();
    }

    private static Parameter[] Make(int matrices) =>
        [.. Enumerable.Range(0, matrices).Select(_ => new Parameter(ones(1024, MatrixSize / 1024)))];

    private static TimeSpan Time(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start);
    }
}
