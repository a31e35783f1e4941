using RlhfV.Models;
using RlhfV.Models.Modules;
using static TorchSharp.torch;

namespace RlhfV.Training.Loop;

/// <summary>What both trainers refuse before anything is computed, besides wrong options.</summary>
internal static class FitChecks
{
    /// <summary>Refuses a network with attached corrections: training, saving and copying see its weights alone.</summary>
    /// <exception cref="ArgumentException">It has some.</exception>
    public static void RequireNoAdapters(VisionLanguageNetwork network, string parameter)
    {
        if (network.named_modules().FirstOrDefault(m => m.module is Linear { Adapter: not null }) is { name: { } name })
        {
            throw new ArgumentException(
                $"The model has corrections attached ('{name}'), and a run begins from weights alone. "
                + "Merge the adapters into the weights, or dispose them, and call again.", parameter);
        }
    }

    /// <summary>Refuses weights of a type that a run folder's model cannot be written in.</summary>
    /// <exception cref="ArgumentException">They are of such a type.</exception>
    public static void RequireStorableType(VisionLanguageNetwork network, TrainingOptions options, string parameter)
    {
        ScalarType type = network.parameters().First().dtype;
        if (options.RunFolder is not null && type is not (ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16))
        {
            throw new ArgumentException(
                $"The model's weights are {type}, which the model in the RunFolder cannot be stored as; expected Float32, Float16 or BFloat16. "
                + "Load it in one of these, or train without a RunFolder.", parameter);
        }
    }

    /// <summary>Refuses null among the examples.</summary>
    /// <exception cref="ArgumentException">There is one.</exception>
    public static void RequireExamples<T>(IReadOnlyList<T> examples)
        where T : class
    {
        for (int i = 0; i < examples.Count; i++)
        {
            if (examples[i] is null)
            {
                throw new ArgumentException($"Example {i} is null; expected an example.", nameof(examples));
            }
        }
    }

    /// <summary>Makes the folder for learned corrections and writes to it, so that a run does not find at its end that it cannot.</summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static void RequireAdapterFolder(string? folder, TrainingOptions options)
    {
        if (folder is null || options.Lora is null)
        {
            return;
        }

        if (string.IsNullOrWhiteSpace(folder))
        {
            throw new ArgumentException("The AdapterFolder is empty; name a folder, or use null to write none.", nameof(folder));
        }

        try
        {
            Directory.CreateDirectory(folder);
            string probe = Path.Combine(folder, $".{Guid.NewGuid():N}.tmp");
            using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The AdapterFolder '{folder}' cannot be written: {e.Message} Name another folder.", e);
        }
    }
}
