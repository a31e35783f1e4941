using Microsoft.ML;
using Microsoft.ML.Runtime;
using RlhfV.ML.PreferenceData;
using RlhfV.ML.Saving;
using RlhfV.Models;
using RlhfV.Preferences;

namespace RlhfV.ML;

/// <summary>What ML.NET can do with vision-language models: <c>mlContext.VisionLanguage</c>.</summary>
public sealed partial class VisionLanguageCatalog
{
    private readonly MLContext _mlContext;

    internal VisionLanguageCatalog(MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        _mlContext = mlContext;
        Trainers = new VisionLanguageTrainers(mlContext);
    }

    /// <summary>Estimators that learn.</summary>
    public VisionLanguageTrainers Trainers { get; }

    /// <summary>Loads a model from a folder in the Hugging Face layout. Estimators and transformers borrow it; dispose it when they are made.</summary>
    /// <param name="folder">Folder with config.json, weights, tokenizer and preprocessor files.</param>
    /// <param name="options">
    /// Device, precision, an adapter, and the folder of a vision tower that is kept apart; null for the defaults. No device means what
    /// <see cref="MLContext.GpuDeviceId"/> says (none: CPU), and the CPU where that device is missing and <see cref="MLContext.FallbackToCpu"/> is set.
    /// </param>
    /// <remarks>Only load models from sources you trust. Weights are read as data; no code of a model is ever run.</remarks>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="FileNotFoundException">A file of the checkpoint is missing.</exception>
    /// <exception cref="ModelFormatException">A file is not what it should be; the message names file or tensor, what was found and what was expected.</exception>
    public VisionLanguageModel LoadModel(string folder, VisionLanguageModelOptions? options = null)
    {
        VisionLanguageModelOptions chosen = DeviceChoice.Resolve(_mlContext, options);
        VisionLanguageModel model = VisionLanguageModel.Load(folder, chosen);
        using IChannel channel = ((IHostEnvironment)_mlContext).Register(nameof(VisionLanguageCatalog)).Start(nameof(LoadModel));
        channel.Info(MessageSensitivity.None, $"Model '{model.Name}' loaded on {model.Device}.");
        return model;
    }

    /// <summary>
    /// Opens a file of preference data, of any format that <see cref="PreferenceFormats"/> knows, as rows. Nothing is kept: each reading of
    /// the view reads the file, and pictures only where their column is needed.
    /// </summary>
    /// <param name="path">The file. Its format is recognised by content.</param>
    /// <param name="options">How to read, or null for the defaults.</param>
    /// <returns>
    /// Columns: Image (vector of bytes, an encoded picture, empty for none), then as text Prompt, Chosen, Rejected, Segments (the corrections
    /// as JSON), History (turns before, as JSON), ImagePath, Id, Dataset, SourceDataset, Split, Model, QuestionType, ReferenceLogProbs (JSON),
    /// MoreImages (the pictures behind the first, as JSON with base64; empty for one picture or none) and ImagePlaces (where pictures stand that do
    /// not stand before the first question, as JSON). A text that is not known is empty.
    /// </returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="PreferenceDataException">
    /// The file is of no known format; or, while rows are read, one is bad and <see cref="PreferenceReadOptions.OnBadRow"/> is null.
    /// </exception>
    /// <exception cref="ArgumentException">The options ask for paths instead of pictures.</exception>
    public IDataView LoadPreferences(string path, PreferenceReadOptions? options = null)
    {
        options ??= new PreferenceReadOptions();
        if (options.Images != ImageLoading.Bytes)
        {
            throw new ArgumentException(
                $"{nameof(options.Images)} is {options.Images}; expected {nameof(ImageLoading.Bytes)}, because the columns Image and MoreImages hold pictures. "
                + "They are read only where one of these columns is needed.", nameof(options));
        }

        // The first reading is started here so that a missing file or an unknown format is told by this call and not by a later one.
        PreferenceFile.Read(path, options);
        return new PreferenceView(images => PreferenceFile.Read(path, images ? options : options with { Images = ImageLoading.Path }));
    }

    /// <summary>Shows examples in memory as rows with the columns of <see cref="LoadPreferences(string, PreferenceReadOptions?)"/>.</summary>
    /// <param name="examples">The examples; enumerated by each reading of the view. Pictures known by path only have an empty Image.</param>
    /// <exception cref="ArgumentException">While rows are read: an example is null.</exception>
    public IDataView LoadPreferences(IEnumerable<PreferenceExample> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        return new PreferenceView(_ => examples.Select((example, i) => example
            ?? throw new ArgumentException($"The example of row {i + 1} is null; leave it out.", nameof(examples))));
    }

    /// <summary>Reads rows back into examples, for instance to write them with <see cref="PreferenceFile.Write"/>.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="columns">Which columns hold what, or null for the names of <see cref="LoadPreferences(string, PreferenceReadOptions?)"/>.</param>
    /// <returns>The examples; read lazily, and again by each enumeration.</returns>
    /// <exception cref="ArgumentException">The names are wrong, or a column is missing or of the wrong type.</exception>
    /// <exception cref="RowDataException">While enumerating: a JSON column holds something else.</exception>
    public IEnumerable<PreferenceExample> CreatePreferences(IDataView data, PreferenceColumnNames? columns = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new PreferenceReader(data.Schema, (columns ?? new PreferenceColumnNames()).Checked(nameof(columns))).Read(data);
    }

    /// <summary>Adds a column with the model's answers about a column of pictures.</summary>
    /// <param name="model">The model; borrowed until the estimator is fitted.</param>
    /// <param name="outputColumnName">The text column to add.</param>
    /// <param name="imageColumnName">Pictures: MLImage, vector of bytes (encoded) or text (path).</param>
    /// <param name="promptColumnName">Text: the questions. Null asks <see cref="CaptionOptions.DefaultPrompt"/> about every picture.</param>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    public CaptionEstimator Caption(
        VisionLanguageModel model, string outputColumnName = "Caption", string imageColumnName = "Image", string? promptColumnName = null) =>
        Caption(model, new CaptionOptions
        {
            OutputColumnName = outputColumnName,
            ImageColumnName = imageColumnName,
            PromptColumnName = promptColumnName,
        });

    /// <summary>Adds a column with the model's answers about a column of pictures.</summary>
    /// <param name="model">The model; borrowed until the estimator is fitted.</param>
    /// <param name="options">Columns, question and decoding. Copied.</param>
    /// <exception cref="ArgumentException">One or more options are wrong; the message lists all of them.</exception>
    public CaptionEstimator Caption(VisionLanguageModel model, CaptionOptions options) => new(_mlContext, model, options);

    /// <summary>
    /// Adds columns with the log-probabilities that a model, usually the one that will be trained, gives to both answers. Cacheable: keep them
    /// with <c>mlContext.Data.Cache</c> or <c>mlContext.Data.SaveAsBinary</c>, or write them into a preference file.
    /// </summary>
    /// <param name="model">The model; borrowed until the estimator is fitted.</param>
    /// <param name="options">Columns and batch; null for the columns of <see cref="LoadPreferences(string, PreferenceReadOptions?)"/>. Copied.</param>
    /// <exception cref="ArgumentException">One or more options are wrong; the message lists all of them.</exception>
    public ReferenceLogProbsEstimator ReferenceLogProbs(VisionLanguageModel model, ReferenceLogProbsOptions? options = null) =>
        new(_mlContext, model, options ?? new ReferenceLogProbsOptions());

    /// <summary>
    /// Saves a transformer with everything it needs: the zip that <c>mlContext.Model.Save</c> would write, and beside it, under the zip's name
    /// without extension, the folder of the model in the Hugging Face layout (a second model: name-2, and so on). The zip is written
    /// whole or not at all, and so is each folder.
    /// </summary>
    /// <param name="transformer">A <see cref="CaptionTransformer"/>, or a chain in which there may be some.</param>
    /// <param name="inputSchema">The schema of its input; may be null. ML.NET leaves image columns out of what it stores.</param>
    /// <param name="path">The zip; its name needs an extension.</param>
    /// <param name="adapters">Where learned low-rank corrections go: into the weights, or small ones into the zip.</param>
    /// <exception cref="ArgumentException">The path has no name with an extension, or there is no such storage.</exception>
    /// <exception cref="NotSupportedException">A part of the chain cannot be saved, such as a <see cref="ReferenceLogProbsTransformer"/>; nothing was written.</exception>
    /// <exception cref="InvalidOperationException">An adapter shall go into the zip, but there is none, or it is too large.</exception>
    /// <exception cref="IOException">A file cannot be written, or the model's folder exists and holds something else: no model, or one without a zip of this name.</exception>
    public void SaveTransformer(
        ITransformer transformer, DataViewSchema? inputSchema, string path, AdapterStorage adapters = AdapterStorage.Merged)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!Enum.IsDefined(adapters))
            throw new ArgumentOutOfRangeException(nameof(adapters), adapters, $"There is no such {nameof(AdapterStorage)}.");
        new TransformerFile(_mlContext).Save(transformer, inputSchema, path, adapters);
    }

    /// <summary>
    /// Loads what <see cref="SaveTransformer"/> or <c>mlContext.Model.Save</c> wrote. Unlike <c>mlContext.Model.Load</c> it looks for weights
    /// beside the zip, finds missing or altered ones at once, runs on a device of choice and answers in batches.
    /// </summary>
    /// <param name="path">The zip.</param>
    /// <param name="inputSchema">The schema it was saved with; null if none.</param>
    /// <param name="options">Device and precision; null as in <see cref="LoadModel"/>.</param>
    /// <returns>What was saved: a <see cref="CaptionTransformer"/>, or a chain with some inside. Dispose it to release its models.</returns>
    /// <remarks>Only load models from sources you trust.</remarks>
    /// <exception cref="FileNotFoundException">The zip is missing, or weights are missing or altered; the message lists the places that were tried.</exception>
    /// <exception cref="InvalidDataException">The manifest in the zip is damaged or of a newer version.</exception>
    public ITransformer LoadTransformer(string path, out DataViewSchema? inputSchema, VisionLanguageModelOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new TransformerFile(_mlContext).Load(path, out inputSchema, DeviceChoice.Resolve(_mlContext, options));
    }
}
