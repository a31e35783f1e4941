using RlhfV.Models;
using RlhfV.Preferences;
using RlhfV.Training.Optimization;
using RlhfV.Training.Pictures;
using static TorchSharp.torch;

namespace RlhfV.Training.Tests.Pictures;

public sealed class FeatureCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _reports = [];

    public FeatureCacheTests() => RlhfV.Models.Native.NativeLibraries.EnsureLoaded();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_WhatWasSaved_ComesBackBitForBitUnderTheSameTowerAndPicture()
    {
        using var scope = NewDisposeScope();
        Tensor features = randn(5, 3);
        FeatureCache cache = Cache("tower");

        Assert.Null(cache.Load("p", CPU));
        cache.Save("p", features);

        Assert.Equal(features.data<float>().ToArray(), Cache("tower").Load("p", CPU)!.data<float>().ToArray());
        Assert.Null(Cache("another tower").Load("p", CPU));
        Assert.Null(cache.Load("p+1.0", CPU));
        Assert.Empty(_reports);
        Assert.Equal(".safetensors", Path.GetExtension(Assert.Single(Directory.GetFiles(_folder.File("features")))));
    }

    [Theory]
    [InlineData("cut off")]
    [InlineData("one bit")]
    [InlineData("empty")]
    [InlineData("text")]
    public void Load_DamagedFile_IsToldAndNotUsed(string damage)
    {
        using var scope = NewDisposeScope();
        Cache("tower").Save("p", randn(5, 3));
        string file = Directory.GetFiles(_folder.File("features")).Single();
        byte[] bytes = File.ReadAllBytes(file);
        bytes[^20] ^= 1;
        File.WriteAllBytes(file, damage switch
        {
            "cut off" => bytes[..^30],
            "one bit" => bytes,
            "empty" => [],
            _ => "no tensors at all"u8.ToArray(),
        });

        Assert.Null(Cache("tower").Load("p", CPU));
        Assert.Contains(file, Assert.Single(_reports), StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_SeveralPictures_KeepsFeaturesOfEachAndKeysTheReferenceByAll()
    {
        PreferenceImage[] images = [.. new[] { "a.png", "b.png", "e.png" }.Select(name => TinyModel.Example("x", "y", name).Image!)];
        PreferenceExample example = TinyModel.Example("a dog", "a cat");
        string[] references =
        [
            Reference("one", example),
            Reference("two", example.WithImages(images[..2])),
            Reference("turned", example.WithImages([images[1], images[0]])),
            Reference("other", example.WithImages([images[0], images[2]])),
        ];

        Assert.Equal(4, references.Distinct().Count());
        Assert.Equal([1, 2, 2, 2], new[] { "one", "two", "turned", "other" }.Select(name => Directory.GetFiles(_folder.File(name, "features")).Length));
        Assert.Equal(references[1], Reference("again", example.WithImages(images[..2])));
        Assert.Equal(
            Directory.GetFiles(_folder.File("two", "features")).Select(Path.GetFileName).Order(),
            Directory.GetFiles(_folder.File("turned", "features")).Select(Path.GetFileName).Order());

        string Reference(string name, PreferenceExample of)
        {
            using var model = VisionLanguageModel.Load(TinyModel.Folder);
            var options = new DenseDpoOptions { MaxSteps = 1, BatchSize = 1, FrozenParts = [NetworkPart.VisionTower], RunFolder = _folder.File(name) };
            new PreferenceTrainer().Fit(model, [of], options, cancellation: TestContext.Current.CancellationToken);
            return Path.GetFileName(Directory.GetFiles(_folder.File(name), "reference-*.safetensors").Single());
        }
    }

    [Fact]
    public void Fit_FrozenTower_ReadsFeaturesOfTheEarlierRunAndComputesDamagedOnesAgain()
    {
        PreferenceExample[] examples = [TinyModel.Example("a dog", "a cat"), TinyModel.Example("two cups", "one cup", "b.png")];
        using var basis = VisionLanguageModel.Load(TinyModel.Folder);
        float[] expected = Run(folder: null).Weights;

        (TrainingResult first, float[] weights) = Run(_folder.File("run"));
        string[] files = [.. Directory.GetFiles(_folder.File("run", "features")).Order()];
        DateTime[] written = [.. files.Select(File.GetLastWriteTimeUtc)];
        File.WriteAllText(files[0], "damaged");
        Directory.Delete(_folder.File("run", "checkpoints"), recursive: true);
        File.Delete(_folder.File("run", "run.json"));
        (TrainingResult second, float[] again) = Run(_folder.File("run"));

        Assert.Equal(2, files.Length);
        Assert.Equal(expected, weights);
        Assert.Equal(expected, again);
        Assert.Empty(first.Diagnostics);
        Assert.Contains(files[0], Assert.Single(second.Diagnostics), StringComparison.Ordinal);
        Assert.Equal(written[1], File.GetLastWriteTimeUtc(files[1]));
        Assert.True(new FileInfo(files[0]).Length > 100);

        (TrainingResult Result, float[] Weights) Run(string? folder)
        {
            using VisionLanguageModel model = basis.Clone();
            var options = new DenseDpoOptions
            {
                MaxSteps = 3,
                BatchSize = 2,
                LearningRate = 1e-3,
                WarmupRatio = 0,
                Schedule = LearningRateSchedule.Constant,
                FrozenParts = [NetworkPart.VisionTower],
                RunFolder = folder,
            };
            TrainingResult result = new PreferenceTrainer().Fit(model, examples, options, cancellation: TestContext.Current.CancellationToken);
            return (result, TinyNetworks.Weights(model.Network));
        }
    }

    [Fact]
    public void Memory_Full_LetsTheOldestGoAndFreesThem()
    {
        using var scope = NewDisposeScope();
        using var memory = new FeatureMemory(capacity: 100);
        Tensor[] features = [.. Enumerable.Range(0, 3).Select(_ => zeros(10))];       // 40 bytes each
        memory.Add("a", features[0]);
        memory.Add("b", features[1]);
        _ = memory.Find("a");

        memory.Add("c", features[2]);

        Assert.Equal((true, false, true), (memory.Contains("a"), memory.Contains("b"), memory.Contains("c")));
        Assert.True(features[1].IsInvalid);
        Assert.False(features[0].IsInvalid);
    }

    private FeatureCache Cache(string tower) => new(_folder.File("features"), tower, _reports.Add);
}
