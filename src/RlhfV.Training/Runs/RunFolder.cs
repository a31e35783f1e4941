using System.Globalization;
using System.Text.Json;
using RlhfV.Models;
using RlhfV.Training.Loop;
using RlhfV.Training.Lora;
using RlhfV.Training.Optimization;
using RlhfV.Training.Planning;
using static TorchSharp.torch;

namespace RlhfV.Training.Runs;

/// <summary>
/// What a run keeps on disk. Files: <c>run.json</c> (what makes the run this run), <c>environment.json</c>, <c>plan.json</c>,
/// <c>metrics.jsonl</c>, TensorBoard events, <c>checkpoints/</c>, <c>reference-*.safetensors</c>, <c>features/</c>, <c>adapter/</c> with LoRA, and from the trainer <c>model/</c>.
/// </summary>
/// <remarks>
/// Everything is written under another name and moved, and a checkpoint is a folder that appears whole; so a process that dies at any
/// moment leaves the last checkpoint readable. One process at a time: an open file that the system closes with the process guards that.
/// </remarks>
internal sealed class RunFolder : IDisposable
{
    private const string CheckpointPrefix = "step-";
    private const string Parameters = "parameters.safetensors", Mean = "mean.safetensors", Variance = "variance.safetensors";
    private readonly FileStream _guard;
    private readonly int _kept;
    private readonly MetricsLog _metrics;
    private readonly TensorBoardLog _events;
    private readonly Action<string>? _report;

    private RunFolder(string path, int kept, FileStream guard, string modelHash, Action<string>? report)
    {
        (Path, _kept, _guard, _report) = (path, kept, guard, report);
        References = new ReferenceCache(path, modelHash, report);
        _metrics = new MetricsLog(File("metrics.jsonl"));
        _events = new TensorBoardLog(path);
        Directory.CreateDirectory(File("checkpoints"));
        Leftovers.Remove(path);
    }

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>Where reference log-probabilities are kept.</summary>
    public ReferenceCache References { get; }

    /// <summary>Opens the folder that the options name, or gives null when they name none.</summary>
    /// <param name="options">The run's options.</param>
    /// <param name="network">The network with its starting weights.</param>
    /// <param name="dataHash">Hash of the encoded examples.</param>
    /// <param name="report">Told of what cannot be read and is made again; null for nobody.</param>
    /// <exception cref="ArgumentException">The folder holds another run.</exception>
    /// <exception cref="IOException">Another process uses the folder, or it cannot be written.</exception>
    public static RunFolder? Open(TrainingOptions options, VisionLanguageNetwork network, string dataHash, Action<string>? report = null)
    {
        if (options.RunFolder is null)
        {
            return null;
        }

        string path = System.IO.Path.GetFullPath(options.RunFolder);
        FileStream guard = Guard(path);
        try
        {
            string modelHash = TensorHash.Of(network.named_parameters().Select(p => (p.name, (Tensor)p.parameter)));
            new RunIdentity(modelHash, dataHash, options).ClaimOrCompare(path);
            RunEnvironment.Write(System.IO.Path.Combine(path, "environment.json"), network.parameters().First());
            return new RunFolder(path, options.KeptCheckpoints, guard, modelHash, report);
        }
        catch
        {
            guard.Dispose();
            throw;
        }
    }

    /// <summary>Continues from the newest checkpoint that can be read, if there is one. Newer ones are removed, for their steps are made again.</summary>
    /// <returns>The records of the steps made before, one per step.</returns>
    /// <exception cref="ModelFormatException">There are checkpoints, but none can be read.</exception>
    public List<TrainingProgress> Resume(FlatParameters parameters, AdamW optimizer, BestWeights best)
    {
        long step = 0;
        Exception? damage = null;
        foreach (string checkpoint in Checkpoints().Reverse().ToArray())
        {
            try
            {
                step = Restore(checkpoint, parameters, optimizer, best);
                break;
            }
            catch (Exception e) when (e is ModelFormatException or JsonException or FileNotFoundException)
            {
                damage = e;
                _report?.Invoke($"The checkpoint '{checkpoint}' cannot be read, so its steps were made again: {e.Message}");
            }
        }

        if (damage is not null && step == 0)
        {
            // What was read before the damage showed stands in the parameters already, so the run cannot begin anew from here.
            throw new ModelFormatException(
                $"The run folder '{Path}' has checkpoints, but none can be read. The last problem: {damage.Message} "
                + "Remove the folder to begin anew, or put its checkpoints back.", damage);
        }

        foreach (string unreadable in Checkpoints().Where(checkpoint => StepOf(checkpoint) > step).ToArray())
        {
            Directory.Delete(unreadable, recursive: true);
        }

        _events.Start(step);
        return _metrics.Resume(step);
    }

    /// <summary>Writes what the run was expected to take, for people.</summary>
    public void SavePlan(TrainingPlan? plan)
    {
        if (plan is not null)
        {
            RunJson.Write(File("plan.json"), JsonSerializer.SerializeToUtf8Bytes(plan, RunJson.Indented));
        }
    }

    /// <summary>Writes the record of a step.</summary>
    public void Append(TrainingProgress progress)
    {
        _metrics.Append(progress);
        _events.Append(progress);
    }

    /// <summary>Writes a checkpoint and removes the oldest ones.</summary>
    public void SaveCheckpoint(long step, FlatParameters parameters, AdamW optimizer, BestWeights best)
    {
        string target = System.IO.Path.Combine(File("checkpoints"), CheckpointPrefix + step.ToString("D8", CultureInfo.InvariantCulture));
        if (!Directory.Exists(target))
        {
            string unfinished = $"{target}.{Guid.NewGuid():N}.tmp";
            try
            {
                Directory.CreateDirectory(unfinished);
                NamedTensors.Write(System.IO.Path.Combine(unfinished, Parameters), parameters.Places, optimizer.Master);
                NamedTensors.Write(System.IO.Path.Combine(unfinished, Mean), parameters.Places, optimizer.Mean);
                NamedTensors.Write(System.IO.Path.Combine(unfinished, Variance), parameters.Places, optimizer.Variance);
                System.IO.File.WriteAllBytes(
                    System.IO.Path.Combine(unfinished, RunState.FileName),
                    JsonSerializer.SerializeToUtf8Bytes(new RunState(step, best.Step, best.Loss), RunJson.Options));
                Directory.Move(unfinished, target);
            }
            catch
            {
                // On a full disk the half checkpoint would keep from everything else the room that is left.
                Discard(unfinished);
                throw;
            }
        }

        foreach (string old in Checkpoints().SkipLast(_kept).ToArray())
        {
            Directory.Delete(old, recursive: true);
        }

        string kept = BestFile(best.Step ?? -1);
        foreach (string old in Directory.GetFiles(Path, "best-*.safetensors").Where(file => file != kept))
        {
            System.IO.File.Delete(old);
        }
    }

    /// <summary>Writes learned corrections in PEFT's layout to <c>adapter/</c>.</summary>
    /// <param name="adapters">The corrections.</param>
    /// <param name="baseModel">Folder of the model that they were learned for, or empty where it has none.</param>
    public void SaveAdapters(LoraAdapters adapters, string baseModel) => adapters.Save(File("adapter"), baseModel);

    /// <summary>Keeps the weights of a step, for <see cref="LoadWeights"/>.</summary>
    public void SaveWeights(long step, FlatParameters parameters) =>
        NamedTensors.Write(BestFile(step), parameters.Places, parameters.Values);

    /// <summary>Puts kept weights into the parameters.</summary>
    public void LoadWeights(long step, FlatParameters parameters) =>
        NamedTensors.Read(BestFile(step), parameters.Places, parameters.Values);

    /// <inheritdoc/>
    public void Dispose()
    {
        _metrics.Dispose();
        _events.Dispose();
        _guard.Dispose();
    }

    private static FileStream Guard(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            string file = System.IO.Path.Combine(path, "run.lock");
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                System.IO.File.Exists(path)
                    ? $"The run folder '{path}' is a file; name a folder."
                    : $"The run folder '{path}' is in use by another run, or cannot be written ({e.Message.TrimEnd('.')}). Wait for it, or name another folder.",
                e);
        }
    }

    private static void Discard(string unfinished)
    {
        try
        {
            Directory.Delete(unfinished, recursive: true);
        }
        catch (IOException)
        {
            // The failure that led here is the one to tell; the next start of the run removes what is left.
        }
    }

    private static long StepOf(string checkpoint) =>
        long.Parse(System.IO.Path.GetFileName(checkpoint.AsSpan())[CheckpointPrefix.Length..], CultureInfo.InvariantCulture);

    private static long Restore(string checkpoint, FlatParameters parameters, AdamW optimizer, BestWeights best)
    {
        byte[] json = System.IO.File.ReadAllBytes(System.IO.Path.Combine(checkpoint, RunState.FileName));
        RunState state = JsonSerializer.Deserialize<RunState>(json, RunJson.Options) ?? throw new JsonException($"'{checkpoint}' has no state.");
        optimizer.Restore(state.Step, () =>
        {
            NamedTensors.Read(System.IO.Path.Combine(checkpoint, Parameters), parameters.Places, optimizer.Master);
            NamedTensors.Read(System.IO.Path.Combine(checkpoint, Mean), parameters.Places, optimizer.Mean);
            NamedTensors.Read(System.IO.Path.Combine(checkpoint, Variance), parameters.Places, optimizer.Variance);
        });
        best.Resume(state.BestStep, state.BestLoss);
        return state.Step;
    }

    private string File(string name) => System.IO.Path.Combine(Path, name);

    private string BestFile(long step) => File($"best-{step:D8}.safetensors");

    /// <summary>Finished checkpoints, oldest first: their names sort as their steps do.</summary>
    private IEnumerable<string> Checkpoints() => Directory
        .EnumerateDirectories(File("checkpoints"), CheckpointPrefix + "*")
        .Where(folder => !folder.EndsWith(".tmp", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);
}
