using System.Security.Cryptography;
using System.Text;
using RlhfV.Models;
using RlhfV.Models.Checkpoints;
using static TorchSharp.torch;

namespace RlhfV.Training.Pictures;

/// <summary>
/// Keeps the features of a frozen vision tower on disk, one file per picture. A file's name is a hash of the tower's weights and of the
/// picture as the processor gives it, so a change of model, picture, view or preprocessing finds nothing stale.
/// </summary>
/// <param name="folder">Where the files lie; made when the first is written.</param>
/// <param name="towerHash">Hash of the tower's weights.</param>
/// <param name="report">Told of files that cannot be used; they are computed anew.</param>
internal sealed class FeatureCache(string folder, string towerHash, Action<string> report)
{
    private const string Features = "features", Checksum = "sha256";

    /// <summary>Reads the features of a picture; null when they are not here or not as they were written.</summary>
    /// <param name="key">The picture's key.</param>
    /// <param name="device">Where they shall live.</param>
    public Tensor? Load(string key, Device device)
    {
        string file = FileOf(key);
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            using var scope = NewDisposeScope();
            using TensorSource source = Safetensors.Open(file);
            Tensor features = source.Read(Features);
            byte[] expected = source.Read(Checksum).bytes.ToArray();
            return Hash(features).AsSpan().SequenceEqual(expected)
                ? features.to(device).MoveToOuterDisposeScope()
                : Refuse(file, "its content is not what was written");
        }
        catch (Exception problem) when (problem is ModelFormatException or KeyNotFoundException or ArgumentException or IOException)
        {
            return Refuse(file, problem.Message);
        }
    }

    /// <summary>Writes the features of a picture, whole or not at all.</summary>
    /// <param name="key">The picture's key.</param>
    /// <param name="features">Its features, <c>[features, vision width]</c>.</param>
    public void Save(string key, Tensor features)
    {
        Directory.CreateDirectory(folder);
        using var scope = NewDisposeScope();
        Tensor here = features.cpu().contiguous();
        Safetensors.Save(FileOf(key), new Dictionary<string, Tensor> { [Features] = here, [Checksum] = tensor(Hash(here)) });
    }

    private static byte[] Hash(Tensor features) => SHA256.HashData(features.bytes);

    private Tensor? Refuse(string file, string reason)
    {
        report($"The picture features in '{file}' were computed again: {reason}.");
        return null;
    }

    private string FileOf(string key)
    {
        byte[] name = SHA256.HashData(Encoding.UTF8.GetBytes($"{towerHash}|{key}"));
        return Path.Combine(folder, $"{Convert.ToHexStringLower(name)}.safetensors");
    }
}
