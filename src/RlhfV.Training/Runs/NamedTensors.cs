using RlhfV.Models.Checkpoints;
using RlhfV.Training.Optimization;
using static TorchSharp.torch;

namespace RlhfV.Training.Runs;

/// <summary>
/// A flat buffer as a safetensors file with one tensor per parameter, so that it can be read without knowing the buffer's layout.
/// </summary>
internal static class NamedTensors
{
    /// <summary>Writes the buffer.</summary>
    public static void Write(string path, IEnumerable<FlatPlace> places, Tensor buffer)
    {
        using var scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        Safetensors.Save(path, places.Select(place => KeyValuePair.Create(place.Name, place.In(buffer))));
    }

    /// <summary>Reads the buffer.</summary>
    /// <exception cref="RlhfV.Models.ModelFormatException">A tensor is missing, misshapen or damaged.</exception>
    public static void Read(string path, IEnumerable<FlatPlace> places, Tensor buffer)
    {
        using var scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        using TensorSource source = Safetensors.Open(path);
        foreach (FlatPlace place in places)
        {
            source.ReadInto(place.Name, place.In(buffer));
        }
    }
}
