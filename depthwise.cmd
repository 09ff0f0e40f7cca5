@echo off
rem Starts Depthwise; builds it on first use. See the head of the file "depthwise" for the variables.
setlocal enableextensions disabledelayedexpansion
set "home=%~dp0"
set "jar=%home%cli\target\depthwise.jar"

if not defined JAVA_HOME goto path_java
set "java_home=%JAVA_HOME%"
if exist "%java_home%\bin\java.exe" goto version
>&2 echo depthwise: JAVA_HOME has no bin\java.exe: "%JAVA_HOME%"
exit /b 1

:path_java
set "java_home="
for /f "tokens=2 delims==" %%p in ('java -XshowSettings:properties -version 2^>^&1 ^| findstr /c:"java.home ="') do set "java_home=%%p"
if not defined java_home (
  echo depthwise: needs Java 17 or later, and found none: install a JDK or set JAVA_HOME>&2
  exit /b 1
)
set "java_home=%java_home:~1%"

:version
set "java_version="
for /f "tokens=2 delims==" %%v in ('findstr /b "JAVA_VERSION=" "%java_home%\release"') do set "java_version=%%~v"
set "java_major=0"
for /f "tokens=1 delims=.-+_" %%m in ("%java_version%") do set "java_major=%%m"
rem No block in parentheses here: the one of "C:\Program Files (x86)" would end it.
if %java_major% geq 17 goto reason
>&2 echo depthwise: needs Java 17 or later, found %java_version% in "%java_home%": set JAVA_HOME to a newer JDK
exit /b 1

:reason

set "reason="
if not exist "%jar%" set "reason=building for the first time"
if defined DEPTHWISE_REBUILD if not "%DEPTHWISE_REBUILD%"=="0" set "reason=building again"
if not defined reason goto start
where mvn >nul 2>nul
if errorlevel 1 (
  echo depthwise: %reason%, and that needs Maven: install it from https://maven.apache.org>&2
  exit /b 1
)
echo depthwise: %reason%; this takes a minute or two, once ^(libraries come from Maven Central^)>&2
pushd "%home%"
set "JAVA_HOME=%java_home%"
call mvn -q -B -ntp -Dmaven.test.skip=true -pl cli -am package 1>&2
set "status=%errorlevel%"
popd
if not "%status%"=="0" (
  echo depthwise: the build failed; the lines above say why ^(mvn -pl cli -am package shows it whole^)>&2
  exit /b 1
)
del /q "%home%cli\target\depthwise-*.jsa" >nul 2>nul

:start
set "options=-Dorg.bytedeco.javacpp.maxBytes=0 -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -Xlog:disable"
set "log=-Xlog:all=warning,cds*=off"
if %java_major% geq 24 set "log=%log%,aot*=off"
if %java_major% geq 24 set "options=%options% --sun-misc-unsafe-memory-access=allow"

rem Class-data sharing, as in the file "depthwise".
set "archive=%home%cli\target\depthwise-%java_version%.jsa"
if exist "%archive%" goto run
"%java_home%\bin\java" -Xshare:off -XX:DumpLoadedClassList="%archive%.all" -jar "%jar%" --help >nul 2>nul
findstr /v /b "@cp" "%archive%.all" >"%archive%.list" 2>nul
"%java_home%\bin\java" -Xshare:dump -XX:SharedClassListFile="%archive%.list" -XX:SharedArchiveFile="%archive%" -jar "%jar%" >nul 2>nul
del /q "%archive%.all" "%archive%.list" >nul 2>nul

:run
set "share="
if exist "%archive%" set share=-Xshare:auto -XX:SharedArchiveFile="%archive%"
"%java_home%\bin\java" %options% "-Ddepthwise.home=%home%." %share% "%log%:stderr" %DEPTHWISE_JAVA_OPTS% -jar "%jar%" %*
exit /b %errorlevel%
