using System.Diagnostics;
using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using RlhfV.Models;

namespace RlhfV.ML.Tests.Saving;

public sealed class SavedTransformerTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ModelSave_ChainWithRenamedColumns_ComesBackInAnotherContext(bool promptColumn)
    {
        VisionLanguageModelStore.AddRoot(_folder.Path);
        BytesRow[] rows = BytesRow.Many(3);
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        using VisionLanguageModel model = _ml.VisionLanguage.LoadModel(_folder.CopyModel("tiny"));
        using var fitted = Chain(model, promptColumn ? "Question" : null).Fit(data);
        _ml.Model.Save(fitted, data.Schema, _folder["chain.zip"]);

        var other = new MLContext();
        ITransformer loaded = other.Model.Load(_folder["chain.zip"], out DataViewSchema schema);

        Assert.Equal(data.Schema.Select(c => c.Name), schema.Select(c => c.Name));
        IDataView output = loaded.Transform(data);
        Assert.Equal(fitted.GetOutputSchema(data.Schema).Select(c => (c.Name, c.Type)), output.Schema.Where(c => !c.IsHidden).Select(c => (c.Name, c.Type)));
        string[] expected = [.. fitted.Transform(data).GetColumn<string>("Final")];
        Assert.Equal(expected, output.GetColumn<string>("Final"));
        using PredictionEngine<BytesRow, FinalRow> engine = other.Model.CreatePredictionEngine<BytesRow, FinalRow>(loaded);
        Assert.Equal(expected, rows.Select(row => engine.Predict(row).Final));
    }

    [Fact]
    public void LoadTransformer_SeveralPictures_AreAskedAboutAsBefore()
    {
        using VisionLanguageModel model = TinyModel.Load();
        IDataView pairs = _ml.VisionLanguage.LoadPreferences(Pairs.AboutTwo(2));
        using CaptionTransformer fitted = _ml.VisionLanguage.Caption(model, new() { Generation = TinyModel.Short }).Fit(pairs);
        string[] expected = [.. fitted.Transform(pairs).GetColumn<string>("Caption")];

        _ml.VisionLanguage.SaveTransformer(fitted, pairs.Schema, _folder["two.zip"]);

        using var loaded = (CaptionTransformer)new MLContext().VisionLanguage.LoadTransformer(_folder["two.zip"], out _);
        Assert.Equal(expected, loaded.Transform(pairs).GetColumn<string>("Caption"));
    }

    [Fact]
    public void ModelLoad_NamedColumnOfMorePictures_IsRefusedWhereItCannotBeSeen()
    {
        using VisionLanguageModel model = TinyModel.Load();
        IDataView pairs = _ml.VisionLanguage.LoadPreferences(Pairs.AboutTwo(2));
        var options = new CaptionOptions { MoreImagesColumnName = "MoreImages", Generation = TinyModel.Short };
        using CaptionTransformer fitted = _ml.VisionLanguage.Caption(model, options).Fit(pairs);
        _ml.VisionLanguage.SaveTransformer(fitted, pairs.Schema, _folder["named.zip"]);

        ITransformer plain = new MLContext().Model.Load(_folder["named.zip"], out _);
        using var whole = (CaptionTransformer)new MLContext().VisionLanguage.LoadTransformer(_folder["named.zip"], out _);

        Exception problem = Assert.ThrowsAny<Exception>(() => plain.Transform(pairs).GetColumn<string>("Caption").ToArray());
        Assert.Contains("the column 'MoreImages'", problem.ToString(), StringComparison.Ordinal);
        Assert.Equal(fitted.Transform(pairs).GetColumn<string>("Caption"), whole.Transform(pairs).GetColumn<string>("Caption"));
    }

    [Fact]
    public void SaveTransformer_AdapterInside_KeepsOnlyTheCorrectionsAndTakesTheBaseByHash()
    {
        using var folder = new TemporaryFolder();
        using VisionLanguageModel model = TinyModel.Load();
        IDataView pairs = _ml.VisionLanguage.LoadPreferences(Pairs.Many(2));
        var options = new DenseDpoTrainerOptions
        {
            Training = new() { BatchSize = 2, MaxSteps = 4, LearningRate = 1e-2, WarmupRatio = 0, Lora = new() { Rank = 2 } },
            Caption = new() { Generation = TinyModel.Short },
        };
        using CaptionTransformer fitted = _ml.VisionLanguage.Trainers.DenseDpo(model, options).Fit(pairs);
        string zip = folder["adapter.zip"];

        _ml.VisionLanguage.SaveTransformer(fitted, pairs.Schema, zip, AdapterStorage.InsideZip);

        Assert.Equal([zip], Directory.GetFileSystemEntries(Path.GetDirectoryName(zip)!));
        using var loaded = (CaptionTransformer)new MLContext().VisionLanguage.LoadTransformer(zip, out _);
        Assert.All(
            fitted.Model.Network.named_parameters().Zip(loaded.Model.Network.named_parameters()),
            pair => Assert.True((pair.First.parameter - pair.Second.parameter).abs().max().item<float>() < 1e-6, pair.First.name));
        Assert.Equal(fitted.Transform(pairs).GetColumn<string>("Caption"), loaded.Transform(pairs).GetColumn<string>("Caption"));

        // ML.NET's own loader cannot see the entries and says so.
        ITransformer stock = new MLContext().Model.Load(zip, out _);
        var problem = Record.Exception(() => stock.Transform(pairs).GetColumn<string>("Caption").ToArray())!;
        Assert.Contains("LoadTransformer", $"{problem.Message} {problem.InnerException?.Message}");

        using (ZipArchive archive = ZipFile.Open(zip, ZipArchiveMode.Update))
            archive.Entries.First(entry => entry.Name == "adapter_model.safetensors").Delete();
        Assert.Contains("adapter_model", Assert.Throws<InvalidDataException>(() => _ml.VisionLanguage.LoadTransformer(zip, out _)).Message);
    }

    [Fact]
    public void SaveTransformer_AdapterInsideWithoutAdapter_IsRefused()
    {
        using var folder = new TemporaryFolder();
        using VisionLanguageModel model = TinyModel.Load();
        IDataView pairs = _ml.VisionLanguage.LoadPreferences(Pairs.Many(1));
        using CaptionTransformer captions = _ml.VisionLanguage.Caption(model).Fit(pairs);

        Assert.Contains("no adapter", Assert.Throws<InvalidOperationException>(
            () => _ml.VisionLanguage.SaveTransformer(captions, pairs.Schema, folder["x.zip"], AdapterStorage.InsideZip)).Message);
    }

    [Fact]
    public void ModelSave_EveryFormOfPicture_ComesBack()
    {
        VisionLanguageModelStore.AddRoot(_folder.Path);
        File.WriteAllBytes(_folder["p.png"], Picture.Png(2));
        using MLImage image = Picture.Image(2);
        using VisionLanguageModel model = _ml.VisionLanguage.LoadModel(_folder.CopyModel("tiny"));
        string expected = TinyModel.Ask(model, CaptionOptions.DefaultPrompt, Picture.Png(2));

        Assert.Equal(expected, RoundTrip(_ml.Data.LoadFromEnumerable([new BytesRow { Image = Picture.Png(2) }])));
        Assert.Equal(expected, RoundTrip(_ml.Data.LoadFromEnumerable([new PixelsRow { Image = image }])));
        Assert.Equal(expected, RoundTrip(_ml.Data.LoadFromEnumerable([new PathRow { Image = "p.png" }])));

        string RoundTrip(IDataView data)
        {
            var options = new CaptionOptions { Generation = TinyModel.Short, ImageFolder = _folder.Path };
            using CaptionTransformer transformer = _ml.VisionLanguage.Caption(model, options).Fit(data);
            _ml.Model.Save(transformer, null, _folder["one.zip"]);
            return _ml.Model.Load(_folder["one.zip"], out _).Transform(data).GetColumn<string>("Caption").Single();
        }
    }

    [Fact]
    public void ModelSave_SavedFromLoaded_ComesBackAgain()
    {
        VisionLanguageModelStore.AddRoot(_folder.Path);
        IDataView data = _ml.Data.LoadFromEnumerable(BytesRow.Many(2));
        using VisionLanguageModel model = _ml.VisionLanguage.LoadModel(_folder.CopyModel("tiny"));
        using CaptionTransformer transformer = Caption(model, data);
        _ml.Model.Save(transformer, data.Schema, _folder["first.zip"]);
        _ml.Model.Save(_ml.Model.Load(_folder["first.zip"], out _), data.Schema, _folder["second.zip"]);

        ITransformer loaded = _ml.Model.Load(_folder["second.zip"], out _);

        Assert.Equal(transformer.Transform(data).GetColumn<string>("Caption"), loaded.Transform(data).GetColumn<string>("Caption"));
    }

    [Fact]
    public void ModelLoad_RowsNotAnswered_LoadsNoWeights()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(BytesRow.Many(2));
        string folder = _folder.CopyModel("gone");

        // A content of its own: an equal model that another test has made known would be found instead.
        File.AppendAllText(Path.Combine(folder, "config.json"), "\n");
        using (VisionLanguageModel model = _ml.VisionLanguage.LoadModel(folder))
        using (CaptionTransformer transformer = Caption(model, data))
            _ml.Model.Save(transformer, data.Schema, _folder["one.zip"]);
        Directory.Delete(folder, recursive: true);

        IDataView output = _ml.Model.Load(_folder["one.zip"], out _).Transform(data);

        Assert.Equal([0, 1], output.GetColumn<int>("Number"));
        Exception problem = Assert.ThrowsAny<Exception>(() => output.GetColumn<string>("Caption").First());
        while (problem.InnerException is not null && problem is not FileNotFoundException)
            problem = problem.InnerException; // ML.NET reads ahead on threads of its own and wraps what they throw
        Assert.Contains("no such folder", Assert.IsType<FileNotFoundException>(problem).Message);
    }

    [Fact]
    public void ModelSave_ModelInNoFolder_IsRefusedWithTheRemedy()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(BytesRow.Many(1));
        using VisionLanguageModel model = TinyModel.Load();
        using VisionLanguageModel copy = model.Clone();
        using CaptionTransformer transformer = Caption(copy, data);

        var problem = Assert.Throws<InvalidOperationException>(() => _ml.Model.Save(transformer, data.Schema, _folder["one.zip"]));

        Assert.Contains("SaveTransformer", problem.Message);
    }

    [Fact]
    public void SaveTransformer_TrainedModel_WritesZipAndFolderThatLoadWholeAgain()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(BytesRow.Many(5));
        using VisionLanguageModel model = TinyModel.Load();
        using VisionLanguageModel copy = model.Clone();
        using var fitted = Chain(copy, "Question").Fit(data);
        _ml.VisionLanguage.SaveTransformer(fitted, data.Schema, _folder["aligned.zip"]);

        Assert.Equal(["aligned", "aligned.zip"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
        ITransformer loaded = _ml.VisionLanguage.LoadTransformer(_folder["aligned.zip"], out DataViewSchema? schema);
        using var owner = (IDisposable)loaded;

        Assert.NotNull(schema);
        Assert.Single(((IEnumerable<ITransformer>)loaded).OfType<CaptionTransformer>());
        Assert.Equal(fitted.Transform(data).GetColumn<string>("Final"), loaded.Transform(data).GetColumn<string>("Final"));
    }

    [Fact]
    public void SaveTransformer_MovedTogether_IsFoundBesideTheZip()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(BytesRow.Many(1));
        string expected;
        using (VisionLanguageModel model = TinyModel.Load())
        using (CaptionTransformer transformer = Caption(model, data))
        {
            _ml.VisionLanguage.SaveTransformer(transformer, data.Schema, _folder["a.zip"]);
            expected = transformer.Transform(data).GetColumn<string>("Caption").Single();
        }

        Directory.CreateDirectory(_folder["elsewhere"]);
        Directory.Move(_folder["a"], Path.Combine(_folder["elsewhere"], "a"));
        File.Move(_folder["a.zip"], Path.Combine(_folder["elsewhere"], "renamed.zip"));

        ITransformer loaded = _ml.VisionLanguage.LoadTransformer(Path.Combine(_folder["elsewhere"], "renamed.zip"), out _);
        using var owner = (IDisposable)loaded;

        Assert.Equal(expected, loaded.Transform(data).GetColumn<string>("Caption").Single());
    }

    [Fact]
    public void SaveTransformer_FolderOfSomethingElse_IsLeftAlone()
    {
        Directory.CreateDirectory(_folder["precious"]);
        File.WriteAllText(Path.Combine(_folder["precious"], "letters.txt"), "Dear");
        IDataView data = _ml.Data.LoadFromEnumerable(BytesRow.Many(1));
        using VisionLanguageModel model = TinyModel.Load();
        using CaptionTransformer transformer = Caption(model, data);

        Assert.Throws<IOException>(() => _ml.VisionLanguage.SaveTransformer(transformer, data.Schema, _folder["precious.zip"]));

        Assert.Equal("Dear", File.ReadAllText(Path.Combine(_folder["precious"], "letters.txt")));
        Assert.False(File.Exists(_folder["precious.zip"]));
    }

    [Fact]
    public void SaveTransformer_NameOfTheBaseModel_LeavesItAloneAndReplacesOnlyItsOwn()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(BytesRow.Many(1));
        using VisionLanguageModel model = VisionLanguageModel.Load(_folder.CopyModel("base"));
        using VisionLanguageModel one = model.Clone(), other = model.Clone();
        using CaptionTransformer aligned = Caption(one, data), again = Caption(other, data);
        byte[] weights = File.ReadAllBytes(_folder["base/model.safetensors"]);

        var problem = Assert.Throws<IOException>(() => _ml.VisionLanguage.SaveTransformer(aligned, data.Schema, _folder["base.zip"]));
        _ml.VisionLanguage.SaveTransformer(aligned, data.Schema, _folder["own.zip"]);
        _ml.VisionLanguage.SaveTransformer(again, data.Schema, _folder["own.zip"]);

        Assert.Contains("'base.zip'", problem.Message);
        Assert.Equal(weights, File.ReadAllBytes(_folder["base/model.safetensors"]));
        Assert.Equal(["base", "own", "own.zip"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("captions")]
    [InlineData(".zip")]
    [InlineData("captions/")]
    public void SaveTransformer_NameWithoutExtension_IsRefusedBeforeAnythingIsWritten(string name)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(BytesRow.Many(1));
        using VisionLanguageModel model = TinyModel.Load();
        using CaptionTransformer transformer = Caption(model, data);

        var problem = Assert.Throws<ArgumentException>(
            () => _ml.VisionLanguage.SaveTransformer(transformer, null, Path.Combine(_folder.Path, name)));

        Assert.Equal("path", problem.ParamName);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void SaveTransformer_ChainThatCannotBeSaved_LeavesAnOlderModelAlone()
    {
        IDataView pairs = _ml.VisionLanguage.LoadPreferences(Pairs.Many(1));
        _folder.CopyModel("older");
        string[] before = [.. Directory.EnumerateFiles(_folder["older"]).Order()];
        File.WriteAllText(Path.Combine(_folder["older"], "note.txt"), "mine");
        using VisionLanguageModel model = TinyModel.Load();
        using TransformerChain<CaptionTransformer> chain =
            _ml.VisionLanguage.ReferenceLogProbs(model).Append(_ml.VisionLanguage.Caption(model)).Fit(pairs);

        Assert.Throws<NotSupportedException>(() => _ml.VisionLanguage.SaveTransformer(chain, null, _folder["older.zip"]));

        Assert.True(File.Exists(Path.Combine(_folder["older"], "note.txt")));
        Assert.Equal(before.Length + 1, Directory.EnumerateFiles(_folder["older"]).Count());
        Assert.False(File.Exists(_folder["older.zip"]));
    }

    [Fact]
    public void SaveTransformer_LoadedByMlNet_WritesItsModelToo()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(BytesRow.Many(2));
        string[] expected;
        using (VisionLanguageModel model = VisionLanguageModel.Load(_folder.CopyModel("first")))
        using (var fitted = Chain(model, "Question").Fit(data))
        {
            expected = [.. fitted.Transform(data).GetColumn<string>("Final")];
            _ml.Model.Save(fitted, data.Schema, _folder["stock.zip"]);
        }

        _ml.VisionLanguage.SaveTransformer(new MLContext().Model.Load(_folder["stock.zip"], out DataViewSchema schema), schema, _folder["own.zip"]);
        Directory.Delete(_folder["first"], recursive: true);

        ITransformer loaded = _ml.VisionLanguage.LoadTransformer(_folder["own.zip"], out _);
        using var owner = (IDisposable)loaded;
        Assert.Equal(expected, loaded.Transform(data).GetColumn<string>("Final"));
    }

    [Fact]
    public void SaveTransformer_NoSuchStorage_IsRefused()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(BytesRow.Many(1));
        using VisionLanguageModel model = TinyModel.Load();
        using CaptionTransformer transformer = Caption(model, data);

        Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.VisionLanguage.SaveTransformer(transformer, null, _folder["a.zip"], (AdapterStorage)7));
    }

    [Fact]
    public void SaveTransformer_BehindLoadImages_ComesBackWhole()
    {
        foreach (int i in (int[])[1, 2, 3])
            File.WriteAllBytes(_folder[$"{i}.png"], Picture.Png(i));
        IDataView data = _ml.Data.LoadFromEnumerable((PathRow[])[new() { Image = "1.png" }, new() { Image = "2.png" }, new() { Image = "3.png" }]);
        using VisionLanguageModel model = TinyModel.Load();
        using var fitted = _ml.Transforms.LoadImages("Photo", _folder.Path, "Image")
            .Append(_ml.VisionLanguage.Caption(model, new CaptionOptions { ImageColumnName = "Photo", Generation = TinyModel.Short })).Fit(data);
        _ml.VisionLanguage.SaveTransformer(fitted, data.Schema, _folder["images.zip"]);

        using var loaded = (IDisposable)_ml.VisionLanguage.LoadTransformer(_folder["images.zip"], out _);

        string[] expected = [.. ((int[])[1, 2, 3]).Select(i => TinyModel.Ask(model, CaptionOptions.DefaultPrompt, Picture.Png(i)))];
        Assert.Equal(expected, fitted.Transform(data).GetColumn<string>("Caption"));
        Assert.Equal(expected, ((ITransformer)loaded).Transform(data).GetColumn<string>("Caption"));
    }

    [Fact]
    public void SaveTransformer_OnlyPixelsInTheSchema_IsSavedWithoutOne()
    {
        using MLImage image = Picture.Image(2);
        IDataView data = _ml.Data.LoadFromEnumerable([new PixelsRow { Image = image }]);
        using VisionLanguageModel model = TinyModel.Load();
        using CaptionTransformer transformer = Caption(model, data);
        _ml.VisionLanguage.SaveTransformer(transformer, data.Schema, _folder["c.zip"]);

        using var loaded = (IDisposable)_ml.VisionLanguage.LoadTransformer(_folder["c.zip"], out DataViewSchema? schema);

        Assert.Null(schema);
        Assert.Equal(
            transformer.Transform(data).GetColumn<string>("Caption"), ((ITransformer)loaded).Transform(data).GetColumn<string>("Caption"));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("longer")]
    [InlineData("altered")]
    public void LoadTransformer_WeightsNotAsSaved_AreRefusedWithThePlacesTried(string damage)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(BytesRow.Many(1));
        using (VisionLanguageModel model = TinyModel.Load())
        using (CaptionTransformer transformer = Caption(model, data))
            _ml.VisionLanguage.SaveTransformer(transformer, data.Schema, _folder["b.zip"]);
        string weights = Path.Combine(_folder["b"], "model.safetensors");
        byte[] content = File.ReadAllBytes(weights);
        content[^1] ^= 1;
        switch (damage)
        {
            case "missing": File.Delete(weights); break;
            case "longer": File.WriteAllBytes(weights, [.. content, 0]); break;
            default: File.WriteAllBytes(weights, content); break;
        }

        var problem = Assert.Throws<FileNotFoundException>(() => _ml.VisionLanguage.LoadTransformer(_folder["b.zip"], out _));

        Assert.Contains($"'{_folder["b"]}': model.safetensors", problem.Message);
        Assert.Contains(VisionLanguageModelStore.EnvironmentVariable, problem.Message);
        Assert.Contains(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar), problem.Message);
    }

    [Fact]
    public async Task ModelLoad_FreshProcessThatKnowsOnlyMlNet_AnswersTheSame()
    {
        BytesRow row = BytesRow.Many(1)[0];
        IDataView data = _ml.Data.LoadFromEnumerable([row]);
        File.WriteAllBytes(_folder["photo.png"], row.Image);
        using VisionLanguageModel model = TinyModel.Load();
        var options = new CaptionOptions
        {
            ImageColumnName = "Photo",
            PromptColumnName = "Question",
            OutputColumnName = "Reply",
            Generation = TinyModel.Short,
        };
        IDataView renamed = _ml.Transforms.CopyColumns("Photo", "Image").Append(_ml.Transforms.CopyColumns("Question", "Prompt")).Fit(data).Transform(data);
        using CaptionTransformer transformer = _ml.VisionLanguage.Caption(model, options).Fit(renamed);
        _ml.VisionLanguage.SaveTransformer(transformer, null, _folder["fresh.zip"]);

        string host = Path.Combine(AppContext.BaseDirectory, "RlhfV.ML.TestHost.dll");
        var start = new ProcessStartInfo("dotnet", [host, _folder["fresh.zip"], _folder["photo.png"], row.Prompt])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment[VisionLanguageModelStore.EnvironmentVariable] = _folder.Path;
        start.Environment["OMP_NUM_THREADS"] = "1"; // tiny models: a second thread only waits
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal("", errors);
        string expected = TinyModel.Ask(model, row.Prompt, row.Image);
        Assert.Equal([expected, expected], (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    private CaptionTransformer Caption(VisionLanguageModel model, IDataView data) =>
        _ml.VisionLanguage.Caption(model, new CaptionOptions { Generation = TinyModel.Short }).Fit(data);

    /// <summary>Stock parts before and after, columns renamed.</summary>
    private IEstimator<TransformerChain<ITransformer>> Chain(VisionLanguageModel model, string? prompt) =>
        new EstimatorChain<ITransformer>()
            .Append(_ml.Transforms.CopyColumns("Photo", "Image"))
            .Append(_ml.Transforms.Text.NormalizeText("Question", "Prompt"))
            .Append(_ml.VisionLanguage.Caption(model, new CaptionOptions
            {
                ImageColumnName = "Photo",
                PromptColumnName = prompt,
                OutputColumnName = "Reply",
                Generation = TinyModel.Short,
            }))
            .Append<ITransformer>(_ml.Transforms.Text.NormalizeText("Final", "Reply"));

    private sealed class FinalRow
    {
        public string Final { get; set; } = "";
    }
}
