@echo off
rem Runs JBang from a machine that has a JDK 25 and Maven Central, and nothing else; see the file jbang.
setlocal enabledelayedexpansion
set version=0.132.1
set sha256=f977075849cff866f45b27997f5671ab8a336a5dd3cf9e702b3479128338f3a7
set here=%~dp0
set jar=%here%.jbang\jbang-%version%.jar

set java=
if defined JAVA_HOME if exist "%JAVA_HOME%\bin\javac.exe" set java=%JAVA_HOME%\bin\java.exe
if not defined java for /d %%d in ("%ProgramFiles%\Eclipse Adoptium\jdk-25*" "%ProgramFiles%\Java\jdk-25*" "%USERPROFILE%\.jdks\*25*") do if exist "%%~d\bin\javac.exe" (
  set java=%%~d\bin\java.exe
  set JAVA_HOME=%%~d
)
if not defined java for %%j in (java.exe) do if not "%%~$PATH:j"=="" set java=%%~$PATH:j
if not defined java (
  echo genpt needs a JDK 25 or newer: install one, for example Eclipse Temurin, or set JAVA_HOME to it. 1>&2
  exit /b 1
)

if not exist "%jar%" (
  if not exist "%here%.jbang" mkdir "%here%.jbang"
  echo Fetching JBang %version% ^(once^) 1>&2
  powershell -NoProfile -Command "$ErrorActionPreference = 'Stop'; $part = '%jar%.part'; Invoke-WebRequest -UseBasicParsing 'https://repo1.maven.org/maven2/dev/jbang/jbang-cli/%version%/jbang-cli-%version%-all.jar' -OutFile $part; if ((Get-FileHash $part -Algorithm SHA256).Hash -ne '%sha256%') { Remove-Item $part; throw 'JBang: the SHA-256 of the download is not %sha256%' }; Move-Item $part '%jar%'"
  if errorlevel 1 exit /b 1
)

rem A word that is no command of JBang is an alias of this project.
set first=%~1
set prefix=
for %%w in (lab test bench chart dma formats jcstress kunit vectors snapshots walk) do if "%first%"=="%%w" set prefix=run --catalog "%here%jbang-catalog.json"

set JBANG_RUNTIME_SHELL=cmd
set JBANG_STDIN_NOTTY=false
set JBANG_LAUNCH_CMD=%~f0
set command=%TEMP%\genpt-%RANDOM%-%RANDOM%.cmd
"%java%" -classpath "%jar%" dev.jbang.Main %prefix% %* > "%command%"
set status=%ERRORLEVEL%
if %status% equ 255 (
  call "%command%"
  set status=!ERRORLEVEL!
) else type "%command%"
del "%command%"
exit /b %status%
